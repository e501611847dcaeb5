#include "imap/uid_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

constexpr std::size_t kMostNumbers = 1000;

// Splits the part before the separator off; all of the text if there is none.
std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

std::optional<std::uint64_t> read_uid(std::string_view word) {
  const auto number = parse_number(word);
  return number && *number > 0 ? number : std::nullopt;
}

}  // namespace

std::string write_set(const std::vector<std::uint64_t>& numbers) {
  return fmt::format("{}", fmt::join(numbers, ","));
}

std::optional<std::vector<std::uint64_t>> read_set(std::string_view text) {
  if (text.empty() || text.ends_with(',')) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  while (!text.empty()) {
    std::string_view range = take_part(text, ',');
    const bool is_range = range.find(':') != std::string_view::npos;
    const auto one = read_uid(take_part(range, ':'));
    const auto other = is_range ? read_uid(range) : one;
    if (!one || !other) return std::nullopt;
    const auto [first, last] = std::minmax(*one, *other);
    for (std::uint64_t number = first; number <= last && numbers.size() < kMostNumbers; ++number) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

std::optional<CopyUid> parse_copy_uid(std::string_view arguments) {
  const auto validity = parse_number(take_part(arguments, ' '));
  auto from = read_set(take_part(arguments, ' '));
  auto to = read_set(arguments);
  if (!validity || !from || !to || from->size() != to->size()) return std::nullopt;
  return CopyUid{*validity, std::move(*from), std::move(*to)};
}

}  // namespace mailcheck::imap
