// Mailbox names: UTF-8 for people, modified UTF-7 on the wire (RFC 3501 section 5.1.3).
//
// INBOX compares without case, every other name with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::imap {

// "Entwürfe" -> "Entw&APw-rfe". std::nullopt if the text is not valid UTF-8 or holds CR, LF or NUL.
[[nodiscard]] std::optional<std::string> encode_mailbox_name(std::string_view utf8);
// The other way; what is not modified UTF-7 (servers with UTF8=ACCEPT, old ones) is given back as it is.
[[nodiscard]] std::string decode_mailbox_name(std::string_view wire);
// Equality of two names in wire form.
[[nodiscard]] bool is_same_mailbox(std::string_view a, std::string_view b);

}  // namespace mailcheck::imap
