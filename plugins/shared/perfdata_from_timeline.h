// Steps and their durations -> metrics in seconds, `total` last.
#pragma once

#include <vector>

#include "base/timeline.h"
#include "plugin/metric.h"
#include "plugin/thresholds.h"

namespace mailcheck::plugins {

[[nodiscard]] std::vector<plugin::Metric> perfdata_from_timeline(const std::vector<base::Timeline::Step>& steps,
                                                                 base::Duration total,
                                                                 const plugin::Thresholds& thresholds);

}  // namespace mailcheck::plugins
