// The options that all plugins have.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/describe.h"
#include "cli/endpoint_options.h"
#include "cli/option_table.h"
#include "plugin/render.h"
#include "plugin/status.h"
#include "plugin/thresholds.h"

namespace mailcheck::cli {

struct CommonOptions : EndpointOptions {
  std::string resolver;  // "ADDRESS" or "ADDRESS:PORT", numeric; "": the system's
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
  plugin::Thresholds thresholds;                  // -w, -c and -D
  bool has_certificate_days = false;              // -D was given
  std::map<std::string, plugin::Status> results;  // --result FINDING=STATE
  int verbosity = 0;                              // number of -v
  std::string transcript_file;                    // "": none
  std::vector<std::string> ini_files;             // of --extra-opts
  plugin::Format output = plugin::Format::plain;
  std::vector<std::string> perfdata_labels;  // --perfdata; empty: all
  plugin::PrometheusLabels prometheus_labels;
};

struct CommonContext {
  ProgramDescription program;                   // for --help and --version
  std::vector<std::string_view> labels = {};    // perfdata labels that may have a threshold
  std::string default_label = "total";          // what a range without a label means; "": a label is required
  std::vector<std::string_view> findings = {};  // names that --result knows
  std::vector<std::string_view> certificate_labels = {"cert_days", "chain_days"};  // of -D
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
  EndpointContext endpoint = {};
};

// The option that gave `label` a threshold, for error messages: "--warning", "--critical" or "--cert-days".
[[nodiscard]] std::string_view threshold_option(const CommonOptions& options, std::string_view label);

// Sets the default time-out and declares the options, --help, --version and --extra-opts among them. `options` must
// outlive the table; the context is copied.
void add_common_options(OptionTable& table, CommonOptions& options, const CommonContext& context);

}  // namespace mailcheck::cli
