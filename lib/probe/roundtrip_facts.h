// RoundtripFacts: what the probe behind check_mail_roundtrip saw, as plain values. Nothing here judges. Text of servers
// and of mail is masked (no secrets) and otherwise as received. A member that is std::nullopt or empty was not reached
// or not asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authentication/dmarc_discovery.h"
#include "mail/alignment.h"
#include "mail/authentication_results.h"
#include "mail/delivery_report.h"
#include "mail/received.h"
#include "mail/spam_score.h"
#include "probe/imap_login_facts.h"
#include "probe/smtp_submit_facts.h"

namespace mailcheck::probe {

// How the message was authenticated on its way, by the word of the servers that the user trusts.
struct ArrivalAuthentication {
  mail::AuthenticationResults results;
  std::string from_domain;  // of the header field From; empty: there is no single one
  mail::AlignmentFacts alignment;
  authentication::OrganizationalDomain organizational_domain;  // of from_domain
  std::optional<authentication::DmarcPolicy> dmarc_policy;     // of from_domain; none: DNS may not be asked
};

// A message of ours that was found.
struct Arrival {
  std::string folder;  // UTF-8
  bool is_junk = false;
  bool is_of_this_run = true;
  base::WallTime sent;
  std::optional<base::WallTime> received;  // INTERNALDATE
  // Of this run: from acceptance to first sight, monotonic. Of an earlier one: from sending to INTERNALDATE, wall
  // clock, never negative and never later than now.
  base::Duration delay{};
  bool has_header = false;  // what follows is known
  mail::DeliveryPath path = {};
  ArrivalAuthentication authentication = {};
  std::optional<mail::SpamScore> spam = {};
};

// A report on a message of ours that did not come through, or not yet.
struct Bounce {
  bool is_of_this_run = true;
  base::WallTime sent;
  mail::DeliveryReport report;
  base::ErrorKind kind = base::ErrorKind::permanent;  // class of the reply that it tells of
};

struct LostMessage {
  base::WallTime sent;
  bool is_overtaken = false;  // by one that was sent later; else it is too old
};

struct CleanUp {
  std::size_t removed = 0;          // messages and reports of ours
  std::size_t left_overs = 0;       // of them, of runs that died
  std::vector<std::string> faults;  // what could not be removed, and why; one clause each
  bool is_cut_off = false;          // the connection or the time ended over it
};

struct RoundtripFacts {
  ImapLoginFacts imap;                        // error: why nobody could look (any more)
  std::optional<SmtpSubmitFacts> submission;  // none: not begun, since nobody could have looked
  std::string message_id;                     // of this run
  bool may_have_arrived = false;              // accepted, or the connection was lost after the final dot
  base::Duration looked_for{};                // from acceptance to the last look
  std::vector<Arrival> arrivals;              // first the ones of this run, in the order seen; a copy is one of its own
  std::vector<Bounce> bounces;
  std::vector<std::string> folders;          // that were watched, UTF-8
  std::string junk_fault;                    // why the junk folder was not watched (to the end)
  std::string bounce_fault;                  // why the sender's mailbox was not watched (to the end)
  std::vector<std::string> bounce_dialogue;  // with the sender's mailbox; masked; empty unless asked for
  CleanUp clean_up;
  std::optional<base::Duration> clean_up_time;
  // of the state folder
  bool has_state = false;
  bool is_kept_as_pending = false;  // the message of this run is looked for in the next ones
  std::size_t pending = 0;          // all that are
  std::vector<LostMessage> lost;
  std::size_t given_up = 0;                      // of unknown fate, too old: nobody had promised to deliver them
  std::optional<base::Duration> greylisted_for;  // since the first refusal
  std::optional<base::Error> state_error;        // the state cannot be used, or was not written
  std::string set_aside;                         // a state file that could not be used: what became of it
  base::Duration total{};
  base::WallTime now{};
};

}  // namespace mailcheck::probe
