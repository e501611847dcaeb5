#include "plugin/render_prometheus.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/number.h"
#include "base/printable.h"
#include "plugin/long_output.h"

namespace mailcheck::plugin {
namespace {

constexpr std::string_view kDays = "_days";

bool may_stand_in_name(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '_';
}

// The value of a label in quotes.
std::string quoted(std::string_view value) {
  std::string text = "\"";
  for (const char character : base::printable(value, kTextLimit)) {
    if (character == '"' || character == '\\') text += '\\';
    text += character;
  }
  return text + '"';
}

// 'name="value"' for each, without braces.
std::string print_labels(const PrometheusLabels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += (text.empty() ? "" : ",") + name + '=' + quoted(value);
  return text;
}

std::string labels_of(const Report& report, const PrometheusLabels& more) {
  PrometheusLabels labels{{"service", report.service}};
  if (!report.host.empty()) labels.emplace_back("host", report.host);
  if (report.port != 0) labels.emplace_back("port", std::to_string(report.port));
  labels.insert(labels.end(), more.begin(), more.end());
  return print_labels(labels);
}

std::string heading(const std::string& name, const std::string& help) {
  return "# HELP " + name + ' ' + help + "\n# TYPE " + name + " gauge\n";
}

std::string sample(const std::string& name, const std::string& labels, const std::string& value) {
  return name + '{' + labels + "} " + value + '\n';
}

std::string steps(const Report& report, const std::string& labels) {
  std::string duration;
  std::string each;
  for (const Metric& step : report.steps) {
    if (!std::isfinite(step.value)) continue;
    const std::string value = base::print_fixed(step.value, 6);
    if (step.label == "total") {
      duration += sample("mailcheck_duration_seconds", labels, value);
    } else {
      each += sample("mailcheck_step_seconds", labels + ",step=" + quoted(step.label), value);
    }
  }
  std::string text;
  if (!duration.empty()) text += heading("mailcheck_duration_seconds", "Time of the whole check.") + duration;
  if (!each.empty()) text += heading("mailcheck_step_seconds", "Time of each step that was finished.") + each;
  return text;
}

// Two of one name and state would be one sample given twice.
std::string findings(const Report& report, const std::string& labels) {
  std::vector<std::string> lines;
  for (const Finding& finding : report.findings) {
    const PrometheusLabels own{{"name", finding.name}, {"state", std::string(to_string(finding.status))}};
    std::string line = sample("mailcheck_finding", labels + ',' + print_labels(own), "1");
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
  }
  std::string text;
  for (const std::string& line : lines) text += line;
  return text.empty() ? text
                      : heading("mailcheck_finding", "What was found, and how it was judged; notes are OK.") + text;
}

struct InBaseUnit {
  std::string ending;  // of the name
  double value;
  std::string unit;  // for a person
};

InBaseUnit in_base_unit(const Metric& metric) {
  constexpr double kSecondsOfDay = 86400;
  switch (metric.unit) {
    case Unit::seconds: return {"_seconds", metric.value, ", in seconds"};
    case Unit::bytes: return {"_bytes", metric.value, ", in bytes"};
    case Unit::percent: return {"_ratio", metric.value / 100, ", from 0 to 1"};
    case Unit::none: break;
  }
  if (metric.label.ends_with(kDays)) return {"_remaining_seconds", metric.value * kSecondsOfDay, ", in seconds"};
  return {"", metric.value, ""};
}

std::string metric(const Metric& metric, const std::string& labels) {
  if (!std::isfinite(metric.value)) return "";
  const InBaseUnit converted = in_base_unit(metric);
  std::string label;
  for (const char character : metric.label) label += may_stand_in_name(character) ? character : '_';
  std::string name = "mailcheck_" + label;
  for (const std::string_view ending : {kDays, std::string_view(converted.ending)}) {
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  }
  name += converted.ending;
  return heading(name, "Label " + label + " of the performance data" + converted.unit + '.') +
         sample(name, labels, base::print_decimal(converted.value));
}

}  // namespace

std::string render_prometheus(const Report& report, std::string_view summary, base::WallTime ended,
                              const PrometheusLabels& more) {
  const Status state = status(report);
  const std::string labels = labels_of(report, more);
  const std::string service = base::printable(report.service);
  std::string text = "# " + service + (service.empty() ? "" : " ") + std::string(to_string(state));
  if (!summary.empty()) text += " - " + std::string(summary);
  text += '\n' + heading("mailcheck_state", "State of the check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.");
  text += sample("mailcheck_state", labels, std::to_string(exit_code(state)));
  text += heading("mailcheck_last_run_timestamp_seconds", "When the check ended, in seconds since 1970.");
  text += sample("mailcheck_last_run_timestamp_seconds", labels, std::to_string(ended.time_since_epoch().count()));
  text += steps(report, labels) + findings(report, labels);
  for (const Metric& one : report.metrics) text += metric(one, labels);
  return text;
}

bool may_be_prometheus_label(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOurs = {"service", "host", "port", "step", "name", "state"};
  const bool has_form = !name.empty() && (name[0] < '0' || name[0] > '9') && !name.starts_with("__") &&
                        std::all_of(name.begin(), name.end(), may_stand_in_name);
  return has_form && std::find(kOurs.begin(), kOurs.end(), name) == kOurs.end();
}

}  // namespace mailcheck::plugin
