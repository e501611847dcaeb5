// TlsSurveyFacts: what the probe behind check_mail_tls saw, as plain values. Text of servers and of DNS is as received.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/domain_notes.h"
#include "policy/mail_exchangers.h"
#include "policy/mta_sts.h"
#include "policy/tlsa_lookup.h"
#include "probe/session_facts.h"
#include "tls/survey_options.h"

namespace mailcheck::probe {

// One connection to one address.
struct TlsLook {
  SessionFacts session;
  tls::KeyType key_type = tls::KeyType::any;  // that was asked for on purpose
  bool is_offer_refused = false;              // the handshake failed since the server has nothing of what was offered
  std::optional<std::string> greeting;
  std::vector<std::string> capabilities;  // offered before TLS
};

// Which of TLS 1.0 and 1.1 are accepted of a client that offers nothing else.
struct OldVersions {
  std::vector<std::string> accepted;  // "TLS 1.0"
  std::vector<std::string> unknown;   // "TLS 1.0: reason", where the question could not be asked
};

// One host: the one named, or a mail exchanger.
struct TlsTarget {
  std::string host;  // empty: the Unix socket
  std::uint16_t port = 0;
  std::optional<base::Error> error;  // no address: nothing was looked at
  std::optional<policy::TlsaAnswer> tlsa;
  std::optional<policy::Caa> caa;
  std::vector<TlsLook> looks;  // address by address, key type by key type
  std::optional<OldVersions> old_versions;
  bool is_in_mta_sts_policy = false;  // of a valid policy
};

struct TlsSurveyFacts {
  std::vector<base::Timeline::Step> steps;  // over all targets: of each step the longest
  std::optional<base::Stage> unfinished_step;
  base::Duration total{};
  base::WallTime now{};
  std::optional<policy::MailExchangers> exchangers;
  std::vector<TlsTarget> targets;
  std::optional<policy::MtaStsFacts> mta_sts;
  std::optional<policy::TlsRpt> tls_rpt;
  std::string resolver;               // whom the DNSSEC questions went to
  bool is_resolver_local = false;     // on this machine
  std::vector<std::string> dialogue;  // masked; empty unless asked for
};

}  // namespace mailcheck::probe
