// The verdict of check_smtp_submit: facts of one session and a user's limits -> report. A pure function.
#pragma once

#include <string>
#include <vector>

#include "plugin/report.h"
#include "plugin/thresholds.h"
#include "plugins/check_smtp_submit/expected_replies.h"
#include "plugins/shared/findings.h"
#include "probe/smtp_submit_facts.h"

namespace mailcheck::plugins::smtp_submit {

struct Expectations {
  std::string greeting;                 // must occur in it; empty: anything
  std::vector<std::string> extensions;  // KEYWORD or KEYWORD PARAMETER, or "!" and that
  std::vector<ExpectedReply> replies;
  bool is_relay_test = false;  // the recipient must be refused
};

struct Limits {
  plugin::Thresholds thresholds;
  Findings findings;
  Expectations expectations;
  bool is_insecure = false;  // the line says so, always
  std::string user;          // for the summary
  std::vector<std::string> readable_secret_files;
};

[[nodiscard]] plugin::Report judge(const probe::SmtpSubmitFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::smtp_submit
