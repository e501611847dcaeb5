// The verdict of check_mail_roundtrip: what was found out and what the user wants -> report. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/report.h"
#include "plugin/thresholds.h"
#include "plugins/shared/findings.h"
#include "probe/roundtrip_facts.h"

namespace mailcheck::plugins::mail_roundtrip {

struct Limits {
  plugin::Thresholds thresholds;
  Findings findings;
  std::string smtp_user;  // empty: nobody logs in there
  std::string imap_user;
  bool is_smtp_insecure = false;
  bool is_imap_insecure = false;
  std::vector<std::string> required;             // of spf, dkim, dmarc
  std::optional<mail::AlignmentMode> alignment;  // none: not asked for
  base::Duration greylist_tolerance{};
  std::vector<std::string> readable_secret_files;
  std::string poller;  // this machine
};

[[nodiscard]] plugin::Report judge(const probe::RoundtripFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::mail_roundtrip
