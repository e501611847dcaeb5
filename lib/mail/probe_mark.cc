#include "mail/probe_mark.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/number.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kCheckSize = 16;
constexpr std::size_t kTokenSize = 32;
constexpr std::uint64_t kLastSecond = 253'402'300'799;  // of the year 9999

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return base::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

// Takes `size` bytes after the word, or nothing.
std::optional<std::string_view> take(std::string_view& text, std::string_view word, std::size_t size) {
  if (!text.starts_with(word) || text.size() - word.size() < size) return std::nullopt;
  const std::string_view value = text.substr(word.size(), size);
  text.remove_prefix(word.size() + size);
  return value;
}

std::string without_tabs(std::string_view value) {
  std::string text(value);
  std::replace(text.begin(), text.end(), '\t', ' ');
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

}  // namespace

std::string header_value(const ProbeMark& mark) {
  return fmt::format("id={}; token={}; sent={}", mark.check, mark.token, mark.sent.time_since_epoch().count());
}

std::string message_id(const ProbeMark& mark, std::string_view domain) {
  return fmt::format("{}.{}@{}", mark.token, mark.check, domain);
}

std::optional<ProbeMark> parse_probe_mark(std::string_view header_value) {
  std::string_view rest = header_value;
  const auto check = take(rest, "id=", kCheckSize);
  const auto token = take(rest, "; token=", kTokenSize);
  const auto word = take(rest, "; sent=", 0);
  if (!check || !token || !word || !is_lower_hex(*check) || !is_lower_hex(*token)) return std::nullopt;
  const auto seconds = base::parse_unsigned(rest);
  if (!seconds || *seconds > kLastSecond) return std::nullopt;
  ProbeMark mark{std::string(*check), std::string(*token), base::WallTime(std::chrono::seconds(*seconds))};
  if (mail::header_value(mark) != header_value) return std::nullopt;  // leading zeros
  return mark;
}

std::vector<ProbeMark> probe_marks(const HeaderSection& header) {
  std::vector<ProbeMark> marks;
  for (const auto& value : header.all(kProbeHeader)) {
    if (auto mark = parse_probe_mark(without_tabs(value))) marks.push_back(std::move(*mark));
  }
  return marks;
}

std::optional<ProbeMark> own_mark(const HeaderSection& header, std::string_view check, std::string_view domain) {
  const auto marks = probe_marks(header);
  const auto ids = header.all("Message-ID");
  if (header.all(kProbeHeader).size() != 1 || marks.size() != 1 || ids.size() != 1) return std::nullopt;
  const ProbeMark& mark = marks.front();
  if (mark.check != check || without_tabs(ids.front()) != "<" + message_id(mark, domain) + ">") return std::nullopt;
  return mark;
}

}  // namespace mailcheck::mail
