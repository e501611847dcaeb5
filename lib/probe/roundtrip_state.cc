#include "probe/roundtrip_state.h"

#include <algorithm>
#include <utility>

namespace mailcheck::probe {

using base::Result;

namespace {

constexpr std::size_t kMostRemembered = 300;  // with all their marks they fit into the state file

}  // namespace

Result<void> RoundtripState::open(base::Deadline lock_until) {
  if (folder_.empty()) return {};
  auto opened = ledger::CheckLedger::open(folder_, check_, lock_until);
  if (!opened) return base::fail(std::move(opened.error()));
  ledger_.emplace(std::move(*opened));
  document_ = ledger_->document();
  for (const auto& probe : document_.outstanding) known_.insert(probe.token);
  return {};
}

const ledger::Outstanding* RoundtripState::find(const std::string& token) const {
  const auto found = std::find_if(document_.outstanding.begin(), document_.outstanding.end(),
                                  [&](const auto& probe) { return probe.token == token; });
  return found == document_.outstanding.end() ? nullptr : &*found;
}

Result<void> RoundtripState::about_to_send(const mail::ProbeMark& mark, std::vector<ledger::FolderMark> marks) {
  if (!ledger_) return {};
  auto& all = document_.outstanding;
  if (all.size() >= kMostRemembered) all.erase(all.begin());  // the oldest
  all.push_back({.token = mark.token, .sent = mark.sent, .marks = std::move(marks)});
  is_offered_ = true;
  return ledger_->save(document_);
}

void RoundtripState::sent(ledger::Outcome outcome) {
  document_.first_greylisted.reset();
  if (is_offered_) document_.outstanding.back().outcome = outcome;
}

void RoundtripState::refused() {
  if (std::exchange(is_offered_, false)) document_.outstanding.pop_back();
}

base::Duration RoundtripState::greylisted(base::WallTime now) {
  if (!document_.first_greylisted) document_.first_greylisted = now;
  return std::max(base::Duration::zero(), base::Duration(now - *document_.first_greylisted));
}

Result<void> RoundtripState::save(const ledger::Document& document) {
  if (!ledger_ || document == ledger_->document()) return {};
  return ledger_->save(document);
}

Result<Settlement> RoundtripState::settle(const Evidence& evidence, const LossRules& rules) {
  const std::vector<ledger::Outstanding> before = document_.outstanding;
  Settlement settlement = probe::settle(document_, evidence, rules);
  ledger::Document interim = document_;
  for (ledger::Outstanding probe : before) {
    if (!evidence.arrived.contains(probe.token)) continue;
    probe.outcome = ledger::Outcome::sending;  // it is there now, and nobody will miss it once it is removed
    interim.outstanding.push_back(std::move(probe));
  }
  if (auto saved = save(interim); !saved) return base::fail(std::move(saved.error()));
  return settlement;
}

Result<void> RoundtripState::finish() {
  return save(document_);
}

}  // namespace mailcheck::probe
