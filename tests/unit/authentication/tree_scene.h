// A small DNS with DMARC records in it, and a DomainTree that asks there.
#pragma once

#include <string>
#include <vector>

#include "authentication/dmarc_discovery.h"
#include "support/fake_clock.h"
#include "support/fake_records.h"

namespace mailcheck::test {

struct TreeScene {
  FakeClock clock;
  FakeRecords records;
  authentication::DomainTree tree{&records, base::Deadline(clock, std::chrono::seconds(10))};

  // "p=reject; psd=n" at _dmarc.DOMAIN
  void publish(const std::string& domain, const std::string& tags) {
    records.txt("_dmarc." + domain, "v=DMARC1; " + tags);
  }
  void break_down(const std::string& domain, dns::LookupOutcome outcome) {
    records.without("_dmarc." + domain, dns::RecordType::txt, outcome);
  }
  // Where the walk went, up to now: "_dmarc." and " TXT" taken off.
  [[nodiscard]] std::vector<std::string> walked() const {
    std::vector<std::string> names;
    for (const std::string& question : records.asked()) {
      if (question.starts_with("_dmarc.")) names.push_back(question.substr(7, question.find(' ') - 7));
    }
    return names;
  }
};

}  // namespace mailcheck::test
