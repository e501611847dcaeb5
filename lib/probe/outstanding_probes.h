// Outstanding probes: what becomes of the messages that earlier runs left behind, once this run has looked. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/outstanding.h"
#include "probe/roundtrip_facts.h"

namespace mailcheck::probe {

// What was seen, by token.
struct Evidence {
  std::set<std::string> arrived = {};
  std::set<std::string> bounced = {};                      // failed for good
  std::set<std::string> delayed = {};                      // a server says that it is still trying
  std::optional<base::WallTime> newest_arrival_sent = {};  // when the newest of those that arrived was sent
  bool has_looked = false;   // nothing was lost on the way: INBOX at least was looked into
  bool is_complete = false;  // all folders were looked into to the end: what was not seen is not there
  std::string current = {};  // this run's message: it is not lost before the next one
};

struct LossRules {
  base::WallTime now;
  base::Duration lost_after;
  unsigned reports = 0;  // in how many runs a lost message is told
};

struct Settlement {
  std::vector<LostMessage> lost;
  std::size_t pending = 0;   // accepted, or of unknown fate, and still looked for
  std::size_t given_up = 0;  // of unknown fate and too old: nobody had promised to deliver them
};

// Takes out of the document what has arrived or bounced, and what was told often enough; an accepted message that is
// too old, or that a later one has overtaken, becomes a lost one. Without a look nothing new is lost; without complete
// evidence nothing is lost for having been overtaken.
[[nodiscard]] Settlement settle(ledger::Document& document, const Evidence& evidence, const LossRules& rules);

}  // namespace mailcheck::probe
