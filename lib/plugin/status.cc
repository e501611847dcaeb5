#include "plugin/status.h"

#include <algorithm>
#include <array>

namespace mailcheck::plugin {
namespace {

constexpr std::array<std::string_view, 4> kNames{"OK", "WARNING", "CRITICAL", "UNKNOWN"};

int severity(Status status) {
  switch (status) {
    case Status::ok: return 0;
    case Status::unknown: return 1;
    case Status::warning: return 2;
    case Status::critical: return 3;
  }
  return 1;
}

char to_upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

bool is_same_word(std::string_view text, std::string_view upper) {
  return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                    [](char left, char right) { return to_upper(left) == right; });
}

}  // namespace

bool is_worse(Status left, Status right) {
  return severity(left) > severity(right);
}

Status worst(Status left, Status right) {
  return is_worse(right, left) ? right : left;
}

std::string_view to_string(Status status) {
  const auto index = static_cast<std::size_t>(status);
  return index < kNames.size() ? kNames[index] : "UNKNOWN";
}

std::optional<Status> parse_status(std::string_view text) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (is_same_word(text, kNames[i])) return static_cast<Status>(i);
  }
  return std::nullopt;
}

int exit_code(Status status) {
  return static_cast<int>(status);
}

}  // namespace mailcheck::plugin
