// Text from a peer, made fit for one line of plugin output. Every line of output goes through here, not only the first.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailcheck::base {

// Control characters (CR, LF, NUL, TAB, ESC, C1, bidirectional overrides ...) become one space, runs of them too;
// '|' becomes '/', '<' and '>' become '[' and ']' (Icinga Web renders tags), invalid UTF-8 becomes '?'; leading and
// trailing space is dropped. Longer than `limit` bytes: cut at a character border, "..." appended.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 256);

// The same for a line of our own words with peer text inside, without a limit and without trimming.
[[nodiscard]] std::string printable_line(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace mailcheck::base
