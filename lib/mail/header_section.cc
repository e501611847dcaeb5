#include "mail/header_section.h"

#include <algorithm>

#include "base/ascii.h"

namespace mailcheck::mail {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The next line without its end, which is taken from the text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// RFC 5322 section 4.5: blanks may stand before the colon.
std::optional<HeaderField> field_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view name = trimmed(line.substr(0, colon));
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (name.empty() || !is_name) return std::nullopt;
  return HeaderField{.name = std::string(name), .value = std::string(line.substr(colon + 1))};
}

}  // namespace

HeaderSection HeaderSection::parse(std::string_view bytes) {
  HeaderSection section;
  auto& fields = section.fields_;
  std::string_view rest = bytes.substr(0, kMaxBytes);
  bool is_cut = bytes.size() >= kMaxBytes;
  bool is_field = false;  // what stands before the line, and the line may continue
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const bool is_continued = !line.empty() && is_blank(line.front());
    if (line.empty() || (!is_continued && fields.size() == kMaxFields)) {
      is_cut = false;
      break;
    }
    if (is_continued) {
      if (is_field) fields.back().value += line;
      continue;
    }
    auto field = field_of(line);
    is_field = field.has_value();
    if (field) fields.push_back(std::move(*field));
  }
  if (is_cut && is_field) fields.pop_back();
  for (auto& field : fields) field.value = std::string(trimmed(field.value));
  return section;
}

std::optional<std::string> HeaderSection::first(std::string_view name) const {
  for (const auto& field : fields_) {
    if (base::equals_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::vector<std::string> HeaderSection::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& field : fields_) {
    if (base::equals_ignoring_case(field.name, name)) values.push_back(field.value);
  }
  return values;
}

}  // namespace mailcheck::mail
