// The verdict of check_imap_login: facts of one session and a user's limits -> report. A pure function.
#pragma once

#include <string>
#include <vector>

#include "plugin/report.h"
#include "plugin/thresholds.h"
#include "plugins/shared/findings.h"
#include "probe/imap_login_facts.h"

namespace mailcheck::plugins::imap_login {

struct Expectations {
  std::string greeting;                   // must occur in it; empty: anything
  std::vector<std::string> capabilities;  // NAME or !NAME
  bool is_refusal = false;                // the credentials must be refused
  bool refuses_plaintext = false;         // no log in may be offered before TLS
};

struct Limits {
  plugin::Thresholds thresholds;
  Findings findings;
  Expectations expectations;
  bool is_insecure = false;  // the line says so, always
  std::string user;          // for the summary
  std::string mailbox;       // as the user wrote it
  std::vector<std::string> readable_secret_files;
};

// Labels of metrics that are measured because they have a threshold, besides the steps.
[[nodiscard]] const std::vector<std::string_view>& measured_labels();

[[nodiscard]] plugin::Report judge(const probe::ImapLoginFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::imap_login
