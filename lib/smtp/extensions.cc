#include "smtp/extensions.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/number.h"

namespace mailcheck::smtp {
namespace {

std::string_view keyword_of(std::string_view line) {
  return line.substr(0, line.find_first_of(" ="));
}

std::string_view parameters_of(std::string_view line) {
  const std::size_t end = keyword_of(line).size();
  const std::size_t begin = line.find_first_not_of(" =", end);
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

void add_words(std::vector<std::string>& words, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const auto is_it = [&](const auto& known) { return base::equals_ignoring_case(known, word); };
    if (!word.empty() && std::none_of(words.begin(), words.end(), is_it)) words.emplace_back(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

Extensions Extensions::parse(const Reply& reply) {
  Extensions extensions;
  extensions.is_known_ = true;
  for (std::size_t i = 1; i < reply.lines.size(); ++i) {
    if (!reply.lines[i].empty()) extensions.lines_.push_back(reply.lines[i]);
  }
  return extensions;
}

bool Extensions::has(std::string_view keyword) const {
  return std::any_of(lines_.begin(), lines_.end(),
                     [&](const auto& line) { return base::equals_ignoring_case(keyword_of(line), keyword); });
}

std::string_view Extensions::parameters(std::string_view keyword) const {
  for (const auto& line : lines_) {
    if (base::equals_ignoring_case(keyword_of(line), keyword)) return parameters_of(line);
  }
  return {};
}

std::vector<std::string> Extensions::mechanisms() const {
  std::vector<std::string> names;
  for (const auto& line : lines_) {
    if (base::equals_ignoring_case(keyword_of(line), "AUTH")) add_words(names, parameters_of(line));
  }
  return names;
}

std::optional<std::uint64_t> Extensions::largest_message() const {
  const auto size = base::parse_unsigned(parameters("SIZE"));
  return size && *size > 0 ? size : std::nullopt;  // "SIZE 0": no fixed limit
}

}  // namespace mailcheck::smtp
