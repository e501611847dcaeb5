// Which hosts and addresses a survey connects to, and what DNS says of each. Part of tls_survey.
#pragma once

#include <string>
#include <vector>

#include "dns/secure_resolver.h"
#include "probe/tls_survey.h"

namespace mailcheck::probe {

struct PlannedTarget {
  TlsTarget facts;
  std::vector<client::Target> connections;  // each to its own addresses; empty with an error in the facts
  std::vector<std::string> tlsa_names;      // that usage 2 may find in the certificate
};

// As DNS has it. What IDNA refuses was refused with the options, or came out of DNS: it stays as it is.
[[nodiscard]] std::string ascii_name(const std::string& name);

class TlsTargets {
 public:
  TlsTargets(const TlsSurveyRequest& request, const TlsSurveyEnvironment& environment)
      : request_(request), environment_(environment), secure_resolver_(environment.records) {}

  // Step dns of the timeline: all look-ups together; absent if there were none, or one did not end well. What belongs
  // to the domain goes to `facts`.
  [[nodiscard]] std::vector<PlannedTarget> find(base::Timeline& timeline, base::Deadline deadline,
                                                TlsSurveyFacts& facts);

 private:
  [[nodiscard]] std::vector<client::Target> hosts(base::Deadline deadline, TlsSurveyFacts& facts);
  [[nodiscard]] PlannedTarget plan(const client::Target& host, base::Deadline deadline);
  [[nodiscard]] base::Result<std::vector<dns::Address>> addresses(const client::Target& host, base::Deadline deadline);
  void note_failure(TlsTarget& target, base::Error error) const;
  void ask_for_tlsa(PlannedTarget& planned, const client::Target& host, base::Deadline deadline);
  void add_notes(std::vector<PlannedTarget>& planned, base::Deadline deadline, TlsSurveyFacts& facts);
  [[nodiscard]] bool looks_up(const client::Target& host) const;

  const TlsSurveyRequest& request_;
  const TlsSurveyEnvironment& environment_;
  dns::SecureResolver secure_resolver_;
  bool is_mx_secure_ = false;
};

}  // namespace mailcheck::probe
