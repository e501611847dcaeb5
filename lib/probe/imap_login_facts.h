// ImapLoginFacts: what one IMAP session showed. Plain values; nothing here judges. A member that is std::nullopt or
// empty was not reached or not asked for.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imap/facts.h"
#include "probe/session_facts.h"

namespace mailcheck::probe {

// Why a number that was asked for is not there.
struct NotMeasured {
  std::string label;
  std::string reason;
};

struct ImapLoginFacts : SessionFacts {
  std::optional<std::string> greeting;                              // the whole line
  std::optional<std::vector<std::string>> capabilities_before_tls;  // on a plain connection
  std::optional<std::vector<std::string>> capabilities;             // the last ones
  bool is_preauthenticated = false;
  std::optional<std::string> mechanism;  // of the log in, whether it was let in or not
  bool is_logged_in = false;             // with that mechanism
  std::optional<imap::Mailbox> mailbox;
  std::vector<std::string> missing_mailboxes;  // of those that must exist, as the user wrote them
  std::optional<std::uint64_t> hits;           // of --search
  std::optional<std::uint64_t> unseen;
  std::optional<std::chrono::seconds> newest_age;
  std::optional<std::chrono::seconds> oldest_age;
  std::vector<imap::Message> newest_messages;  // headers, newest last
  std::vector<imap::QuotaResource> quota;
  std::optional<base::Error> quota_error;
  std::vector<NotMeasured> not_measured;
  std::vector<std::string> alerts;
  std::vector<std::string> referrals;
  std::vector<std::string> quirks;
};

}  // namespace mailcheck::probe
