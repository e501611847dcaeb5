#include "policy/key_value.h"

#include <algorithm>

#include "base/ascii.h"

namespace mailcheck::policy {
namespace {

constexpr std::size_t kLongest = 32;
constexpr std::string_view kBlanks = " \t";

bool is_letter_or_digit(char c) {
  return base::is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z');
}

bool is_key_character(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
}

}  // namespace

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kLongest && is_letter_or_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), is_key_character);
}

bool is_policy_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), is_letter_or_digit);
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace mailcheck::policy
