// Metric: one number of the performance data, and its text
//
//   'label'=value[UOM];[warn];[crit];[min];[max]      (monitoring-plugin-guidelines, Performance data)
//
// Promises, each against a trap of a real consumer: a decimal point in every locale, no exponent, never "U", "inf" or
// "nan" (Icinga drops the metric and logs), units s, % and B only and never scaled (Icinga Web knows no others of
// ours), seconds always with six decimals (three turn 0.4 ms into 0), one line. Does not judge: see report.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugin/thresholds.h"

namespace mailcheck::plugin {

enum class Unit { none, seconds, percent, bytes };

// "", "s", "%", "B".
[[nodiscard]] std::string_view symbol(Unit unit);

struct Metric {
  std::string label;
  double value = 0;
  Unit unit = Unit::none;
  Limits limits = {};
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  std::string about = {};  // what was measured, a clause for the finding of its range; mostly none
};

// A label is an API and comes from our own tables. One that holds what would break the line is a programming error:
// quotes, "=", "|", ";", "<", ">", "::" (check_multi's prefix in Icinga), controls and whatever is not ASCII become
// "_". Quoted only where it holds a space: Icinga strips quotes that are not needed, others keep them in the name.
//
// Empty when the value is not finite: what could not be measured is absent, never zero. Trailing semicolons are
// dropped; minimum and maximum are not printed for percent (they are 0 and 100 by definition).
[[nodiscard]] std::string print(const Metric& metric);

}  // namespace mailcheck::plugin
