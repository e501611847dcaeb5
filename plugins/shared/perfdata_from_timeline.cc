#include "plugins/shared/perfdata_from_timeline.h"

namespace mailcheck::plugins {

std::vector<plugin::Metric> perfdata_from_timeline(const std::vector<base::Timeline::Step>& steps, base::Duration total,
                                                   const plugin::Thresholds& thresholds) {
  std::vector<plugin::Metric> metrics;
  metrics.reserve(steps.size() + 1);
  const auto add = [&](std::string label, base::Duration duration) {
    const plugin::Limits limits = thresholds.limits(label);
    metrics.push_back({.label = std::move(label),
                       .value = base::to_seconds(duration),
                       .unit = plugin::Unit::seconds,
                       .limits = limits});
  };
  for (const auto& step : steps) add(std::string(base::to_string(step.stage)), step.duration);
  add("total", total);
  return metrics;
}

}  // namespace mailcheck::plugins
