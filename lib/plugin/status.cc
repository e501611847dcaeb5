#include "plugin/status.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

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
    if (base::equals_ignoring_case(text, kNames[i])) return static_cast<Status>(i);
  }
  return std::nullopt;
}

int exit_code(Status status) {
  return static_cast<int>(status);
}

}  // namespace mailcheck::plugin
