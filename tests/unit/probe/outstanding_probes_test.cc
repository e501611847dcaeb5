#include "probe/outstanding_probes.h"

#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::probe;
using ledger::Document;
using ledger::Outcome;
using std::chrono::seconds;

namespace {

constexpr base::WallTime kNow{seconds(1'000'000'000)};

Document document(Outcome outcome, seconds age, unsigned reports_left = 0) {
  Document made;
  made.outstanding.push_back(
      {.token = "one", .sent = kNow - age, .outcome = outcome, .reports_left = reports_left, .marks = {}});
  return made;
}

Settlement settle_in(Document& document, Evidence evidence) {
  return settle(document, evidence, {.now = kNow, .lost_after = seconds(3600), .reports = 2});
}

Evidence looked() {
  Evidence evidence;
  evidence.has_looked = evidence.is_complete = true;
  return evidence;
}

}  // namespace

TEST_CASE("outstanding probes: a young one is pending") {
  Document kept = document(Outcome::accepted, seconds(60));
  const Settlement settlement = settle_in(kept, looked());
  CHECK(settlement.pending == 1);
  CHECK(settlement.lost.empty());
  CHECK(kept == document(Outcome::accepted, seconds(60)));
}

TEST_CASE("outstanding probes: what arrived or bounced is forgotten, a lost one too") {
  for (const Outcome outcome : {Outcome::accepted, Outcome::sending, Outcome::unknown, Outcome::lost}) {
    Document arrived = document(outcome, seconds(9000), 1);
    Evidence evidence = looked();
    evidence.arrived.insert("one");
    CHECK(settle_in(arrived, evidence).lost.empty());
    CHECK(arrived.outstanding.empty());
  }
  Document bounced = document(Outcome::accepted, seconds(60));
  Evidence evidence = looked();
  evidence.bounced.insert("one");
  CHECK(settle_in(bounced, evidence).pending == 0);
  CHECK(bounced.outstanding.empty());
}

TEST_CASE("outstanding probes: an old one is lost, told in so many runs, and forgotten then") {
  Document document_now = document(Outcome::accepted, seconds(3601));
  Settlement settlement = settle_in(document_now, looked());
  REQUIRE(settlement.lost.size() == 1);
  CHECK_FALSE(settlement.lost[0].is_overtaken);
  CHECK(settlement.pending == 0);
  REQUIRE(document_now.outstanding.size() == 1);
  CHECK(document_now.outstanding[0].outcome == Outcome::lost);
  settlement = settle_in(document_now, looked());
  REQUIRE(settlement.lost.size() == 1);
  CHECK(document_now.outstanding.empty());
  CHECK(settle_in(document_now, looked()).lost.empty());
}

TEST_CASE("outstanding probes: one that a later one has overtaken is lost, however young") {
  Document overtaken = document(Outcome::accepted, seconds(60));
  Evidence evidence = looked();
  evidence.newest_arrival_sent = kNow;
  const Settlement settlement = settle_in(overtaken, evidence);
  REQUIRE(settlement.lost.size() == 1);
  CHECK(settlement.lost[0].is_overtaken);
}

TEST_CASE("outstanding probes: neither an earlier arrival nor a queue that says so makes it lost") {
  Document kept = document(Outcome::accepted, seconds(60));
  Evidence evidence = looked();
  evidence.newest_arrival_sent = kNow - seconds(60);
  CHECK(settle_in(kept, evidence).pending == 1);
  evidence.newest_arrival_sent = kNow;
  evidence.delayed.insert("one");
  CHECK(settle_in(kept, evidence).pending == 1);
}

TEST_CASE("outstanding probes: of unknown fate and old, it is given up, not lost") {
  for (const Outcome outcome : {Outcome::sending, Outcome::unknown}) {
    Document kept = document(outcome, seconds(3601));
    const Settlement settlement = settle_in(kept, looked());
    CHECK(settlement.given_up == 1);
    CHECK(settlement.lost.empty());
    CHECK(kept.outstanding.empty());
  }
}

TEST_CASE("outstanding probes: who could not look knows of no new loss, and tells the old ones") {
  Document old = document(Outcome::accepted, seconds(9000));
  CHECK(settle_in(old, {}).pending == 1);
  CHECK(old.outstanding.size() == 1);
  Document unknown = document(Outcome::unknown, seconds(9000));
  CHECK(settle_in(unknown, {}).given_up == 0);
  Document lost = document(Outcome::lost, seconds(9000), 2);
  CHECK(settle_in(lost, {}).lost.size() == 1);
  CHECK(lost.outstanding[0].reports_left == 1);
}

TEST_CASE("outstanding probes: this run's own message is pending, however short the patience") {
  Document own = document(Outcome::accepted, seconds(9000));
  Evidence evidence = looked();
  evidence.current = "one";
  const Settlement settlement = settle_in(own, evidence);
  CHECK(settlement.lost.empty());
  CHECK(settlement.pending == 1);
}

TEST_CASE("outstanding probes: with a folder that nobody could look into, only age makes a loss") {
  Document young = document(Outcome::accepted, seconds(60));
  Evidence evidence = looked();
  evidence.is_complete = false;
  evidence.newest_arrival_sent = kNow;
  CHECK(settle_in(young, evidence).pending == 1);
  Document old = document(Outcome::accepted, seconds(3601));
  CHECK(settle_in(old, evidence).lost.size() == 1);
}
