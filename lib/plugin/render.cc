#include "plugin/render.h"

#include <algorithm>

#include "base/printable.h"
#include "plugin/headline.h"
#include "plugin/long_output.h"
#include "plugin/render_json.h"

namespace mailcheck::plugin {
namespace {

// Nagios' buffer is 8192 bytes with the terminating NUL (MAX_PLUGIN_OUTPUT_LENGTH).
constexpr std::size_t kFirstLineLimit = 8000;

bool is_wanted(const Metric& metric, const std::vector<std::string>& labels) {
  return labels.empty() || std::find(labels.begin(), labels.end(), metric.label) != labels.end();
}

void append_perfdata(std::string& perfdata, const std::vector<Metric>& metrics, const std::vector<std::string>& labels,
                     std::size_t limit) {
  for (const Metric& metric : metrics) {
    const std::string text = is_wanted(metric, labels) ? base::printable_line(print(metric)) : "";
    if (text.empty() || perfdata.size() + 1 + text.size() > limit) continue;
    if (!perfdata.empty()) perfdata += ' ';
    perfdata += text;
  }
}

std::string first_line(const Report& report, const RenderOptions& options) {
  constexpr std::string_view kSeparator = " | ";
  std::string line = base::printable(report.service) + ' ' + std::string(to_string(status(report)));
  const std::string words = headline(report, options.verbosity);
  if (!words.empty()) line += " - " + words;
  std::string perfdata;
  const std::size_t limit = kFirstLineLimit - line.size() - kSeparator.size();
  append_perfdata(perfdata, report.steps, options.perfdata_labels, limit);
  append_perfdata(perfdata, report.metrics, options.perfdata_labels, limit);
  if (!perfdata.empty()) line += std::string(kSeparator) + perfdata;
  return line + '\n';
}

// Which of its addresses the host was judged by.
std::string server_line(const Report& report) {
  if (report.address.empty()) return "";
  const std::string host = base::printable(report.host);
  const std::string address = base::printable(report.address);
  return "server: " + host + (host == address ? "" : ", address " + address) + ", port " + std::to_string(report.port) +
         '\n';
}

// A line for each; without its host's findings the first line alone would hide which is well and which is not.
std::string target_lines(const std::vector<std::string>& targets) {
  std::string text;
  for (const std::string& target : targets) text += base::printable(target, kTextLimit) + '\n';
  return text;
}

}  // namespace

std::string render(const Report& report, const RenderOptions& options) {
  const int verbosity = options.verbosity;
  if (options.format == Format::json) return render_json(report, headline(report, verbosity), verbosity);
  if (options.format == Format::prometheus) {
    return render_prometheus(report, headline(report, 0), options.ended, options.prometheus_labels);
  }
  std::string text = first_line(report, options) + target_lines(report.targets);
  if (verbosity >= 1)
    text += server_line(report) + step_table(report.steps, report.unfinished_step) +
            finding_list(report.findings, verbosity);
  if (verbosity >= 2) text += fact_list(report.facts);
  if (verbosity >= 3) text += dialogue_list(report.dialogue);
  return text;
}

}  // namespace mailcheck::plugin
