// The Prometheus half of render.h: the text exposition format (version 0.0.4), for the textfile collector of
// node_exporter or a push gateway. Valid on every path; the exit code stays the state, so whoever calls the plugin from
// cron must not take a code that is not 0 for a failure to write.
//
//   # IMAP WARNING - what happened                                        the status line, as a comment
//   mailcheck_state{service="IMAP",host="mail.example.org",port="993"} 1  the exit code
//   mailcheck_last_run_timestamp_seconds{...} 1767225600                  a file that nobody renews shows its age
//   mailcheck_duration_seconds{...} 0.084000                              the label total
//   mailcheck_step_seconds{...,step="dns"} 0.001000                       every finished step
//   mailcheck_finding{...,name="threshold",state="WARNING"} 1             every finding, notes too; each once
//   mailcheck_messages{...} 12                                            every other label, a metric of its own
//
// All are gauges. A label of perfdata becomes mailcheck_LABEL in base units: seconds get the ending _seconds, bytes
// _bytes, percent _ratio (0 to 1), days _remaining_seconds. What was not measured is absent, as in perfdata. HELP
// depends on the label alone: a collector that reads several files wants one text for a name.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "plugin/report.h"

namespace mailcheck::plugin {

using PrometheusLabels = std::vector<std::pair<std::string, std::string>>;  // name, value

// summary: the headline, clean already. `ended`: for the timestamp. `labels`: the user's, behind service, host and port
// (host and port are absent where the report has none). Ends with a line feed.
[[nodiscard]] std::string render_prometheus(const Report& report, std::string_view summary, base::WallTime ended,
                                            const PrometheusLabels& labels);

// A label that the user may give: letters, digits and underscores, no digit first, not "__" first, and none of ours.
[[nodiscard]] bool may_be_prometheus_label(std::string_view name);

}  // namespace mailcheck::plugin
