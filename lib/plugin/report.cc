#include "plugin/report.h"

#include "base/number.h"

namespace mailcheck::plugin {
namespace {

std::string trim_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

// Three decimals read best, but 5.0004 must not become "total is 5 s (critical range :5)".
std::string print_outside(double value, const Range& range) {
  constexpr int kMostDecimals = 17;
  std::string text;
  for (int decimals = 3; decimals <= kMostDecimals; ++decimals) {
    text = trim_zeros(base::print_fixed(value, decimals));
    const auto shown = base::parse_decimal(text);
    if (shown && range.alerts(*shown)) break;
  }
  return text;
}

std::string_view spaced_symbol(Unit unit) {
  switch (unit) {
    case Unit::seconds: return " s";
    case Unit::percent: return "%";
    case Unit::bytes: return " B";
    case Unit::none: break;
  }
  return "";
}

Finding threshold_finding(const Metric& metric, Status state) {
  const bool is_critical = state == Status::critical;
  const Range& range = is_critical ? *metric.limits.critical : *metric.limits.warning;
  std::string text = metric.label + " is " + print_outside(metric.value, range);
  text += spaced_symbol(metric.unit);
  text += (is_critical ? " (critical range " : " (warning range ") + range.print() + ")";
  if (!metric.about.empty()) text += ": " + metric.about;
  return {.name = "threshold", .status = state, .text = std::move(text)};
}

void judge_metric(const Metric& metric, std::vector<Finding>& findings) {
  const Status state = judge(metric.limits, metric.value);
  if (state == Status::ok) return;
  if (state == Status::unknown) {
    findings.push_back({.name = "not-measured", .status = state, .text = metric.label + " could not be measured"});
  } else {
    findings.push_back(threshold_finding(metric, state));
  }
}

}  // namespace

Status status(const Report& report) {
  Status result = Status::ok;
  for (const Finding& finding : report.findings) result = worst(result, finding.status);
  return result;
}

void judge_limits(Report& report) {
  for (const Metric& step : report.steps) judge_metric(step, report.findings);
  for (const Metric& metric : report.metrics) judge_metric(metric, report.findings);
}

}  // namespace mailcheck::plugin
