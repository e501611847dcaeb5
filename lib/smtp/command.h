// Command: the lines a client sends (RFC 5321 section 4.1, RFC 2033), made by types so that user input can never become
// a second command.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mail/address.h"

namespace mailcheck::smtp {

// What stands between the angle brackets of MAIL and RCPT.
class Path {
 public:
  // "<>": MAIL only (RFC 5321 section 4.5.5).
  [[nodiscard]] static Path null() { return Path(""); }
  explicit Path(const mail::Address& address) : text_(address.text()), is_ascii_(address.is_ascii()) {}

  [[nodiscard]] std::string in_brackets() const { return "<" + text_ + ">"; }
  // False: it may be sent with SMTPUTF8 only.
  [[nodiscard]] bool is_ascii() const { return is_ascii_; }

 private:
  explicit Path(std::string text) : text_(std::move(text)) {}

  std::string text_;
  bool is_ascii_ = true;
};

enum class Hello { ehlo, helo, lhlo };
enum class Body { seven_bit, eight_bit_mime };  // RFC 6152

// Each parameter may be sent only to a server that offers its extension: SIZE, 8BITMIME, SMTPUTF8, DSN.
struct MailParameters {
  std::optional<std::uint64_t> size;  // of the message, in bytes (RFC 1870)
  Body body = Body::seven_bit;
  bool is_utf8 = false;  // RFC 6531
};
// NOTIFY (RFC 3461): nothing said, no bounce at all, or one when it fails or is late.
enum class Notify { unsaid, never, failure_and_delay };
struct RcptParameters {
  Notify notify = Notify::unsaid;
};

// With the line end. Precondition of hello_line: mail::is_domain(name).
[[nodiscard]] std::string hello_line(Hello verb, std::string_view name);
[[nodiscard]] std::string mail_line(const Path& from, const MailParameters& parameters);
[[nodiscard]] std::string rcpt_line(const Path& to, const RcptParameters& parameters);

}  // namespace mailcheck::smtp
