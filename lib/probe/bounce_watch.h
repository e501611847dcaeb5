// BounceWatch: the reports on messages of ours: those that came into the mailbox under watch, and those in the sender's
// mailbox, where that is another account. Part of roundtrip.
//
// The sender's account is opened when the message is not there at once, or at the end, and looked into beside the other
// one, without IDLE: it must not hold up the clock of `transit`. If it cannot be looked into, or takes its time, the
// round trip goes on without it: fault() says why.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mail/probe_mark.h"
#include "probe/mailbox_watch.h"
#include "probe/outstanding_probes.h"

namespace mailcheck::probe {

class BounceWatch {
 public:
  // The mailbox must outlive it. No request: there is no other account.
  BounceWatch(MailboxWatch& mailbox, std::optional<WatchRequest> sender, const Environment& environment);

  // The first time some hundred messages back: reports may have come before it, and between the runs.
  void look();
  // A report says that it failed for good.
  [[nodiscard]] bool has_failed(const mail::ProbeMark& mark, std::string_view domain) const;
  // Sorts the reports: what is about none of these messages is left alone.
  void sort(const std::vector<mail::ProbeMark>& marks, std::string_view domain);
  // After sort(). Reports on a delivery that went well are none.
  [[nodiscard]] const std::vector<std::pair<mail::ProbeMark, mail::DeliveryReport>>& bounces() const {
    return bounces_;
  }
  // After sort(): in the mailbox under watch.
  [[nodiscard]] const std::vector<FoundMessage>& found() const { return found_; }
  // Removes those in the sender's account.
  void clean_up(CleanUp& result, base::Deadline deadline);
  [[nodiscard]] const std::string& fault() const { return fault_; }
  // Leaves the sender's account, and hides its secrets in what was seen.
  void finish(RoundtripFacts& facts, base::Deadline good_bye);

 private:
  void open();
  void note(const base::Result<void>& result);
  void sort(const MailboxWatch& watch, std::vector<FoundMessage>& found, const std::vector<mail::ProbeMark>& marks,
            std::string_view domain);

  MailboxWatch& mailbox_;
  std::optional<MailboxWatch> sender_;
  bool was_opened_ = false;
  bool is_watched_ = false;  // the sender's, up to now
  std::vector<std::pair<mail::ProbeMark, mail::DeliveryReport>> bounces_;
  std::vector<FoundMessage> found_;
  std::vector<FoundMessage> found_at_sender_;
  std::string fault_;
};

}  // namespace mailcheck::probe
