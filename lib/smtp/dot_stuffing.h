// Dot stuffing: how a message travels behind DATA (RFC 5321 section 4.5.2).
#pragma once

#include <string>
#include <string_view>

namespace mailcheck::smtp {

// The message with every line end as CRLF (a lone CR or LF is one too: servers refuse them, RFC 5321 section 2.3.8, and
// they have smuggled mail past servers that do not), a dot before every line that begins with one, and the final ".".
[[nodiscard]] std::string stuff_dots(std::string_view message);

// The size that SIZE= declares: with CRLF line ends, without stuffing and the final dot (RFC 1870 section 5).
[[nodiscard]] std::size_t transmitted_size(std::string_view message);

// True if a byte is not ASCII, so that the body wants 8BITMIME.
[[nodiscard]] bool has_eight_bit(std::string_view message);

}  // namespace mailcheck::smtp
