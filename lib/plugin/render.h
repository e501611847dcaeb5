// Render: a Report as what the monitoring system reads. One string; nothing is printed here (guarded.h does that).
//
// plain, by verbosity:
//   0  SERVICE STATE - headline | perfdata
//      a line for each target, where there are several
//   1  the address that was used, a table of the steps with a bar each, the findings that are not OK and their hints
//   2  every finding, the facts
//   3  the dialogue
// All perfdata stands on the first line, under 8 KiB with it (Nagios' buffer): steps, then metrics; a metric that no
// longer fits is dropped whole. The only '|' of the output is the one before the perfdata. Text is cleaned on every
// line (base/printable.h) and long lines are broken for a terminal of 80 columns, but for the dialogue.
//
// json: one object on one line, always valid UTF-8: schema (1), service, state, code, summary, host, address, port
// (0: none), steps (label -> seconds, "total" included), metrics ({label, value, unit, warn, crit, min, max}, null for
// what is absent), findings ({name, state, text, hint}), server ({code, enhanced, text}), facts (targets among them);
// dialogue from verbosity 3. Keys stand in this order. perfdata_labels does not thin it out.
//
// prometheus: see render_prometheus.h; neither verbosity nor perfdata_labels changes it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "plugin/render_prometheus.h"
#include "plugin/report.h"

namespace mailcheck::plugin {

enum class Format { plain, json, prometheus };

struct RenderOptions {
  Format format = Format::plain;
  int verbosity = 0;
  std::vector<std::string> perfdata_labels = {};  // plain; empty: all
  PrometheusLabels prometheus_labels = {};
  base::WallTime ended = {};  // prometheus
};

// Ends with a line feed.
[[nodiscard]] std::string render(const Report& report, const RenderOptions& options);

}  // namespace mailcheck::plugin
