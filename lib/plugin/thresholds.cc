#include "plugin/thresholds.h"

#include <algorithm>
#include <cmath>

namespace mailcheck::plugin {
namespace {

auto find_label(auto& entries, std::string_view label) {
  return std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == label; });
}

}  // namespace

Status judge(const Limits& limits, double value) {
  if (limits.is_empty()) return Status::ok;
  if (!std::isfinite(value)) return Status::unknown;
  if (limits.critical && limits.critical->alerts(value)) return Status::critical;
  if (limits.warning && limits.warning->alerts(value)) return Status::warning;
  return Status::ok;
}

const Limits& Thresholds::limits(std::string_view label) const {
  static const Limits kNone;
  const auto found = find_label(entries_, label);
  return found == entries_.end() ? kNone : found->second;
}

bool Thresholds::has(std::string_view label) const {
  return find_label(entries_, label) != entries_.end();
}

std::vector<std::string> Thresholds::labels() const {
  std::vector<std::string> names;
  for (const auto& [label, limits] : entries_) names.push_back(label);
  return names;
}

Limits& Thresholds::find_or_add(std::string_view label) {
  const auto found = find_label(entries_, label);
  if (found != entries_.end()) return found->second;
  return entries_.emplace_back(std::string(label), Limits{}).second;
}

tl::expected<LabelledRange, std::string> parse_labelled(std::string_view text, std::string_view default_label) {
  const std::size_t equals = text.find('=');
  const bool has_label = equals != std::string_view::npos;
  const std::string_view label = has_label ? text.substr(0, equals) : default_label;
  if (label.empty()) {
    return tl::unexpected<std::string>("the label before '=' is missing; expected [LABEL=]RANGE, for example total=5");
  }
  auto range = Range::parse(has_label ? text.substr(equals + 1) : text);
  if (!range) return tl::unexpected<std::string>(std::move(range.error()));
  return LabelledRange(std::string(label), *range);
}

}  // namespace mailcheck::plugin
