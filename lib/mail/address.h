// Address: one mail address as it stands in an envelope, "local-part@domain" (RFC 5321 section 4.1.2, RFC 6531). A
// value that exists is safe to put between angle brackets: no CR, LF, NUL, control character, bracket or space outside
// quotes.
//
// A local part alone ("postmaster") is an address too: RFC 5321 has it for RCPT, LMTP servers know their users by it.
// Does not do: display names, comments, lists, source routes; it does not ask whether the domain exists.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::mail {

class Address {
 public:
  // std::nullopt for anything that is not one address of at most 254 bytes (RFC 5321 section 4.5.3.1.3).
  [[nodiscard]] static std::optional<Address> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string_view local_part() const { return std::string_view(text_).substr(0, at_); }
  // Without the "@"; "[192.0.2.1]" for an address literal; empty if there is none.
  [[nodiscard]] std::string_view domain() const;
  // False: it can only be sent to a server that offers SMTPUTF8.
  [[nodiscard]] bool is_ascii() const;

 private:
  Address(std::string text, std::size_t at) : text_(std::move(text)), at_(at) {}

  std::string text_;
  std::size_t at_ = 0;  // of the "@", or the size
};

// A domain or an address literal, as EHLO wants it too. Labels of letters, digits, "-", "_" and UTF-8.
[[nodiscard]] bool is_domain(std::string_view text);

}  // namespace mailcheck::mail
