// Nearest: the known name that was probably meant, for "did you mean ...?" and for lists of candidates in errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailcheck::cli {

// The candidate with the fewest edits (insert, drop, replace, swap), if that is at most a third of the longer name's
// length (at least one, at most three); "" otherwise. Blind to case.
[[nodiscard]] std::string_view nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// "a", "a or b", "a, b or c".
[[nodiscard]] std::string one_of(const std::vector<std::string_view>& names);

}  // namespace mailcheck::cli
