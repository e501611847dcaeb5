#include "probe/outstanding_probes.h"

#include <utility>

namespace mailcheck::probe {
namespace {

using ledger::Outcome;
using ledger::Outstanding;

class Settling {
 public:
  Settling(const Evidence& evidence, const LossRules& rules) : evidence_(evidence), rules_(rules) {}

  // False: nobody needs to remember it any longer.
  bool keeps(Outstanding& probe) {
    if (evidence_.arrived.contains(probe.token) || evidence_.bounced.contains(probe.token)) return false;
    if (probe.outcome == Outcome::lost) return tell_again(probe);
    const bool is_old = rules_.now - probe.sent > rules_.lost_after;
    const bool may_be_lost = evidence_.has_looked && probe.token != evidence_.current;
    const bool is_promised = probe.outcome == Outcome::accepted;
    if (may_be_lost && is_promised && (is_old || is_overtaken(probe))) return lose(probe, !is_old);
    if (may_be_lost && !is_promised && is_old) {
      ++result.given_up;
      return false;
    }
    ++result.pending;
    return true;
  }

  Settlement result;

 private:
  [[nodiscard]] bool is_overtaken(const Outstanding& probe) const {
    const auto& newest = evidence_.newest_arrival_sent;
    return evidence_.is_complete && newest && *newest > probe.sent && !evidence_.delayed.contains(probe.token);
  }

  bool lose(Outstanding& probe, bool is_overtaken) {
    result.lost.push_back({.sent = probe.sent, .is_overtaken = is_overtaken});
    probe.outcome = Outcome::lost;
    probe.reports_left = rules_.reports;
    return count_down(probe);
  }

  bool tell_again(Outstanding& probe) {
    result.lost.push_back({.sent = probe.sent, .is_overtaken = is_overtaken(probe)});
    return count_down(probe);
  }

  static bool count_down(Outstanding& probe) {
    if (probe.reports_left > 0) --probe.reports_left;
    return probe.reports_left > 0;
  }

  const Evidence& evidence_;
  const LossRules& rules_;
};

}  // namespace

Settlement settle(ledger::Document& document, const Evidence& evidence, const LossRules& rules) {
  Settling settling(evidence, rules);
  std::vector<Outstanding> kept;
  for (Outstanding& probe : document.outstanding) {
    if (settling.keeps(probe)) kept.push_back(std::move(probe));
  }
  document.outstanding = std::move(kept);
  return std::move(settling.result);
}

}  // namespace mailcheck::probe
