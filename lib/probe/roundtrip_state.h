// RoundtripState: what a check remembers from run to run (ledger/check_ledger.h), in the words of a round trip. Without
// a folder it remembers nothing, and every call is good. Part of roundtrip.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/check_ledger.h"
#include "mail/probe_mark.h"
#include "probe/outstanding_probes.h"

namespace mailcheck::probe {

class RoundtripState {
 public:
  RoundtripState(std::string folder, std::string check) : folder_(std::move(folder)), check_(std::move(check)) {}

  // Error: the folder cannot be used (local), or another run of the check is under way (state_locked).
  [[nodiscard]] base::Result<void> open(base::Deadline lock_until);
  [[nodiscard]] bool is_kept() const { return !folder_.empty(); }
  // A state file that could not be used, and what became of it; empty: none.
  [[nodiscard]] std::string set_aside() const { return ledger_ ? ledger_->set_aside() : std::string(); }
  // Messages of earlier runs, and of this one once it is about to be sent.
  [[nodiscard]] const std::vector<ledger::Outstanding>& outstanding() const { return document_.outstanding; }
  [[nodiscard]] const ledger::Outstanding* find(const std::string& token) const;
  // An earlier run sent it, and it was waited for when this run began.
  [[nodiscard]] bool was_waited_for(const std::string& token) const { return known_.contains(token); }

  // On the disk when it returns.
  [[nodiscard]] base::Result<void> about_to_send(const mail::ProbeMark& mark, std::vector<ledger::FolderMark> marks);
  void sent(ledger::Outcome outcome);
  void refused();
  // How long the message has been put off: since the first time.
  [[nodiscard]] base::Duration greylisted(base::WallTime now);
  // To be called once everything is known, and before anything is removed. On the disk when it returns, but for what
  // was seen: if the run dies over its clean-up, the next one finds that again.
  [[nodiscard]] base::Result<Settlement> settle(const Evidence& evidence, const LossRules& rules);
  // After the clean-up.
  [[nodiscard]] base::Result<void> finish();

 private:
  [[nodiscard]] base::Result<void> save(const ledger::Document& document);

  std::string folder_;
  std::string check_;
  std::optional<ledger::CheckLedger> ledger_;
  ledger::Document document_;
  std::set<std::string> known_;
  bool is_offered_ = false;  // this run's message is the last of the document
};

}  // namespace mailcheck::probe
