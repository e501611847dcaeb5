#include "cli/common_options.h"

#include <algorithm>
#include <utility>

#include "base/number.h"
#include "cli/extra_opts.h"
#include "cli/nearest.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using Names = std::vector<std::string_view>;
using plugin::Range;
using plugin::UsageError;

bool is_known(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

[[noreturn]] void refuse_unknown(std::string_view kind, std::string_view name, const Names& known) {
  std::string text = "expected a known " + std::string(kind) + ", got " + in_quotes(name);
  const std::string_view near = nearest(name, known);
  if (!near.empty()) text += "; did you mean " + std::string(near) + "?";
  throw UsageError{text};
}

// "[LABEL=]RANGE"
std::pair<std::string, Range> read_threshold(std::string_view value, const Names& labels,
                                             const std::string& default_label) {
  if (default_label.empty() && value.find('=') == std::string_view::npos) {
    throw UsageError{"expected LABEL=RANGE with LABEL one of " + one_of(labels) + ", got " + in_quotes(value) +
                     " (a number alone could mean seconds or days)"};
  }
  auto threshold = plugin::parse_labelled(value, default_label);
  if (!threshold) throw UsageError{threshold.error()};
  if (!is_known(threshold->first, labels)) {
    throw UsageError{"expected [LABEL=]RANGE with LABEL one of " + one_of(labels) + ", got " + in_quotes(value)};
  }
  return *std::move(threshold);
}

double read_days(std::string_view days, std::string_view whole) {
  const auto number = base::parse_decimal(days);
  if (!number || *number < 0) refuse("WARN[,CRIT] in days, as in 21 or 21,7", whole);
  return *number;
}

void set_certificate_days(CommonOptions& options, std::string_view value, const Names& labels) {
  const std::size_t comma = value.find(',');
  const double warning = read_days(value.substr(0, comma), value);
  for (const std::string_view label : labels) {
    options.thresholds.set_warning(label, Range::at_least(warning));
    if (comma == std::string_view::npos) continue;
    const double critical = read_days(value.substr(comma + 1), value);
    if (critical > warning) refuse("WARN[,CRIT] with CRIT no more than WARN", value);
    options.thresholds.set_critical(label, Range::at_least(critical));
  }
  options.has_certificate_days = true;
}

void set_result(std::map<std::string, plugin::Status>& results, std::string_view value, const Names& findings) {
  const std::size_t equals = value.rfind('=');
  const std::string_view finding = value.substr(0, equals);
  if (equals == std::string_view::npos) refuse("FINDING=STATE, as in untrusted=warning", value);
  if (!is_known(finding, findings)) refuse_unknown("finding", finding, findings);
  const auto status = plugin::parse_status(value.substr(equals + 1));
  if (!status) refuse("ok, warning, critical or unknown after the =", value);
  results.insert_or_assign(std::string(finding), *status);
}

std::vector<std::string> read_labels(std::string_view value, const Names& known) {
  std::vector<std::string> labels;
  for (const std::string_view label : split_list(value)) {
    if (!is_known(label, known)) refuse("LABEL,... with LABEL one of " + one_of(known), value);
    labels.emplace_back(label);
  }
  return labels;
}

// "NAME=VALUE"; a name given again gets the later value.
void set_prometheus_label(plugin::PrometheusLabels& labels, std::string_view value) {
  const std::size_t equals = value.find('=');
  const std::string_view name = value.substr(0, equals);
  if (equals == std::string_view::npos || !plugin::may_be_prometheus_label(name)) {
    refuse("NAME=VALUE with NAME of letters, digits and _, and none of ours (service, host, port, step, name, state)",
           value);
  }
  const auto found = std::find_if(labels.begin(), labels.end(), [&](const auto& label) { return label.first == name; });
  std::string text(value.substr(equals + 1));
  if (found == labels.end()) {
    labels.emplace_back(name, std::move(text));
  } else {
    found->second = std::move(text);
  }
}

void add_limits(OptionTable& table, CommonOptions& options, const CommonContext& context) {
  // Before -w and -c, so that -w cert_days= is the last word.
  table.add({.name = "cert-days",
             .letter = 'D',
             .value_name = "WARN[,CRIT]",
             .help = "days that certificate and chain must be good for",
             .group = "Limits",
             .apply = [&options, labels = context.certificate_labels](std::string_view value) {
               set_certificate_days(options, value, labels);
             }});
  const std::string fallback = context.default_label.empty() ? "" : ", default " + context.default_label;
  const auto add_range = [&](const char* name, char letter, auto set) {
    table.add(
        {.name = name,
         .letter = letter,
         .value_name = context.default_label.empty() ? "LABEL=RANGE" : "[LABEL=]RANGE",
         .help = std::string(name) + " outside; any label of the perfdata" + fallback,
         .group = "Limits",
         .repeat = Repeat::accumulates,
         .apply = [&options, set, labels = context.labels, label = context.default_label](std::string_view value) {
           const auto [name_of_range, range] = read_threshold(value, labels, label);
           (options.thresholds.*set)(name_of_range, range);
         }});
  };
  add_range("warning", 'w', &plugin::Thresholds::set_warning);
  add_range("critical", 'c', &plugin::Thresholds::set_critical);
  table.add({.name = "result",
             .value_name = "FINDING=STATE",
             .help = "judge FINDING as ok, warning, critical or unknown",
             .group = "Limits",
             .repeat = Repeat::accumulates,
             .apply = [&options, findings = context.findings](std::string_view value) {
               set_result(options.results, value, findings);
             }});
}

void add_connection(OptionTable& table, CommonOptions& options, const CommonContext& context) {
  add_endpoint_options(table, options, context.endpoint);
  table.add({.name = "resolver",
             .value_name = "ADDRESS[:PORT]",
             .help = "ask this name server instead of the system's",
             .group = "Connection",
             .apply = [&options](std::string_view value) { options.resolver = read_resolver(value); }});
  const double seconds = std::chrono::duration<double>(context.timeout).count();
  table.add({.name = "timeout",
             .letter = 't',
             .value_name = "SECONDS",
             .help = "time for the whole check (default " + base::print_decimal(seconds) + ")",
             .group = "Connection",
             .apply = [&options](std::string_view value) { options.timeout = read_timeout(value); }});
}

constexpr NamedValues<plugin::Format, 3> kFormats = {
    {{"plain", plugin::Format::plain}, {"json", plugin::Format::json}, {"prometheus", plugin::Format::prometheus}}};

void add_output(OptionTable& table, CommonOptions& options, const CommonContext& context) {
  table.add({.name = "verbose",
             .letter = 'v',
             .help = "more: steps (-v), findings (-vv), dialogue (-vvv)",
             .group = "Output",
             .repeat = Repeat::accumulates,
             .apply = [&options](std::string_view) { ++options.verbosity; }});
  table.add({.name = "output",
             .value_name = "FORMAT",
             .help = "plain (default), json or prometheus",
             .group = "Output",
             .completion = Completion::choice,
             .choices = names_of(kFormats),
             .apply = [&options](std::string_view value) { options.output = read_named(value, kFormats); }});
  table.add({.name = "perfdata",
             .value_name = "LABEL,...",
             .help = "only these labels, in plain output (default all)",
             .group = "Output",
             .apply = [&options, labels = context.labels](std::string_view value) {
               options.perfdata_labels = read_labels(value, labels);
             }});
  table.add({.name = "prometheus-label",
             .value_name = "NAME=VALUE",
             .help = "one more label for --output prometheus",
             .group = "Output",
             .repeat = Repeat::accumulates,
             .apply = [&options](std::string_view value) { set_prometheus_label(options.prometheus_labels, value); }});
  table.add({.name = "transcript",
             .value_name = "FILE",
             .help = "write the dialogue there, secrets masked",
             .group = "Output",
             .completion = Completion::file,
             .apply = [&options](std::string_view value) { options.transcript_file = read_text(value); }});
}

}  // namespace

std::string_view threshold_option(const CommonOptions& options, std::string_view label) {
  const bool is_certificate = label.ends_with("cert_days") || label.ends_with("chain_days");
  if (is_certificate && options.has_certificate_days) return "--cert-days";
  return options.thresholds.limits(label).warning ? "--warning" : "--critical";
}

void add_common_options(OptionTable& table, CommonOptions& options, const CommonContext& context) {
  options.timeout = context.timeout;
  add_connection(table, options, context);
  add_limits(table, options, context);
  add_output(table, options, context);
  add_extra_opts_option(table, options.ini_files);
  add_information_options(table, context.program);
}

}  // namespace mailcheck::cli
