#include "plugin/metric.h"

#include <cmath>

#include "base/number.h"

namespace mailcheck::plugin {
namespace {

bool may_stand_in_label(char character) {
  constexpr std::string_view kBreaking = "'\"=|;<>";
  return character >= ' ' && character <= '~' && kBreaking.find(character) == std::string_view::npos;
}

std::string print_label(std::string_view label) {
  std::string text;
  for (const char character : label) text += may_stand_in_label(character) ? character : '_';
  for (auto at = text.find("::"); at != std::string::npos; at = text.find("::", at)) text.replace(at, 2, "__");
  if (text.empty()) text = "_";
  return text.find(' ') == std::string::npos ? text : "'" + text + "'";
}

// A value that rounds to zero from below would read "-0.000000".
std::string print_number(double value, Unit unit) {
  if (unit != Unit::seconds) return base::print_decimal(value);
  std::string text = base::print_fixed(value, 6);
  return text == "-0.000000" ? text.substr(1) : text;
}

std::string print_range(const std::optional<Range>& range) {
  return range ? range->print_perfdata() : "";
}

std::string print_bound(const std::optional<double>& bound, Unit unit) {
  if (!bound || !std::isfinite(*bound) || unit == Unit::percent) return "";
  return base::print_decimal(*bound);
}

}  // namespace

std::string_view symbol(Unit unit) {
  switch (unit) {
    case Unit::none: return "";
    case Unit::seconds: return "s";
    case Unit::percent: return "%";
    case Unit::bytes: return "B";
  }
  return "";
}

std::string print(const Metric& metric) {
  if (!std::isfinite(metric.value)) return "";
  std::string text = print_label(metric.label) + '=' + print_number(metric.value, metric.unit);
  text += symbol(metric.unit);
  text += ';' + print_range(metric.limits.warning) + ';' + print_range(metric.limits.critical);
  text += ';' + print_bound(metric.minimum, metric.unit) + ';' + print_bound(metric.maximum, metric.unit);
  text.erase(text.find_last_not_of(';') + 1);
  return text;
}

}  // namespace mailcheck::plugin
