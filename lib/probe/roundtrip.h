// The probe behind check_mail_roundtrip: a message is submitted, seen to arrive, read, and removed. DESIGN.md section 6
// is its course; CONTRIBUTING.md tells what is where.
//
// Promises: IMAP is opened first, so that a message is only sent when somebody can look for it, and only UIDs that are
// new then are looked at; with a state folder the state is on the disk before the final dot; nothing is ever sent
// twice; clean-up has the deadline's reserve, and touches messages of this check only. Credentials appear in no fact.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "dns/record_source.h"
#include "probe/environment.h"
#include "probe/mailbox_watch.h"
#include "probe/roundtrip_facts.h"
#include "probe/smtp_submit.h"

namespace mailcheck::probe {

struct RoundtripRequest {
  SmtpSubmitRequest submission;  // envelope.from and one envelope.to are needed; message: subject, headers and body;
                                 // the token, Message-ID, notify and before_data are made here
  WatchRequest watch;            // check and domain are made here
  std::optional<WatchRequest> bounces;  // the sender's mailbox, where that is another account; as above
  std::string identity;                 // of the check: the same in every run, of no other check
  std::string state_folder;             // empty: nothing is remembered
  base::Duration lost_after{};
  unsigned lost_reports = 0;              // in how many runs a lost message is told
  std::optional<base::Duration> wait;     // how long this run looks for its message; none: as long as there is time
  std::vector<std::string> authserv_ids;  // whose Authentication-Results are believed
  dns::RecordSource* records = nullptr;   // for DMARC; nullptr: DNS may not be asked
  base::Duration timeout{};
  std::function<void(const std::string&)> progress = {};  // told of every step as it begins, in words
};

[[nodiscard]] RoundtripFacts roundtrip(RoundtripRequest request, const Environment& environment,
                                       crypto::Random& random);

}  // namespace mailcheck::probe
