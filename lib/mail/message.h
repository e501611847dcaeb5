// Message: the bytes of a small message of ours (RFC 5322, RFC 2045, RFC 2047). Everything of a user is checked when it
// is made a value, so that no header can be injected: a subject or header with CR, LF or NUL does not exist here.
//
// Does not do: attachments, HTML, reading messages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "mail/address.h"

namespace mailcheck::mail {

class Header {
 public:
  // From "Name: value", as a user writes it: printable ASCII without space or ":" before the colon, at most 76 bytes;
  // UTF-8 without control characters behind it, tabs allowed. In a header of addresses only the name before a single
  // "<address>" may be other than ASCII. std::nullopt for anything else, and for what is the message's own: Content-*,
  // MIME-Version, Message-ID.
  [[nodiscard]] static std::optional<Header> parse(std::string_view line);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& value() const { return value_; }

 private:
  Header(std::string name, std::string value) : name_(std::move(name)), value_(std::move(value)) {}

  std::string name_;
  std::string value_;
};

// Text that may be a header's value: UTF-8, no control character but a tab.
[[nodiscard]] bool is_header_text(std::string_view text);

// How the body travels: as it is where it is ASCII in short lines or the server takes eight bits, else in base64.
enum class Transport { seven_bit, eight_bit };

struct MessageParts {
  std::optional<Address> from;  // none: the null sender; From: is then the first recipient
  std::vector<Address> to;
  std::string subject;          // precondition: is_header_text
  std::vector<Header> headers;  // they replace ours of the same name
  std::string body;             // text in UTF-8; any line ends
  base::WallTime date{};
  std::string message_id;  // without angle brackets
};

// With CRLF line ends, ready for dot stuffing. Headers in this order: Date, From, To, Message-ID, Subject,
// Auto-Submitted, MIME-Version, Content-Type, Content-Transfer-Encoding, the user's.
[[nodiscard]] std::string compose(const MessageParts& parts, Transport transport);

// A header value of UTF-8 as encoded words (RFC 2047), ASCII as it is.
[[nodiscard]] std::string encode_words(std::string_view text);

}  // namespace mailcheck::mail
