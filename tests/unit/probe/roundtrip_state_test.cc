#include "probe/roundtrip_state.h"

#include <string>

#include "support/catch2.h"
#include "unit/ledger/scratch_folder.h"

using namespace mailcheck;
using namespace mailcheck::probe;
using ledger::Outcome;
using std::chrono::seconds;

namespace {

const std::string kCheck = "0123456789abcdef";

using Folder = test::ScratchFolder;

mail::ProbeMark mark(char digit) {
  return {.check = kCheck, .token = std::string(32, digit), .sent = base::WallTime(seconds(1'700'000'000))};
}

base::Deadline soon() {
  static const base::SystemClock clock;
  return {clock, std::chrono::milliseconds(100)};
}

LossRules rules() {
  return {.now = base::WallTime(seconds(1'700'000'060)), .lost_after = seconds(3600), .reports = 5};
}

}  // namespace

TEST_CASE("roundtrip state: without a folder nothing is remembered, and nothing fails") {
  RoundtripState state("", kCheck);
  REQUIRE(state.open(soon()));
  CHECK_FALSE(state.is_kept());
  REQUIRE(state.about_to_send(mark('a'), {}));
  state.sent(Outcome::accepted);
  CHECK(state.outstanding().empty());
  REQUIRE(state.settle({}, rules()));
}

TEST_CASE("roundtrip state: a message that is about to go is on the disk before it goes") {
  const Folder folder;
  {
    RoundtripState state(folder.path(), kCheck);
    REQUIRE(state.open(soon()));
    REQUIRE(state.about_to_send(mark('a'), {{"INBOX", 1, 42}}));
  }  // the run dies here
  RoundtripState next(folder.path(), kCheck);
  REQUIRE(next.open(soon()));
  REQUIRE(next.outstanding().size() == 1);
  CHECK(next.outstanding()[0].outcome == Outcome::sending);
  CHECK(next.outstanding()[0].marks == std::vector<ledger::FolderMark>{{"INBOX", 1, 42}});
  CHECK(next.was_waited_for(mark('a').token));
}

TEST_CASE("roundtrip state: accepted and not seen is pending in the next run, refused is forgotten") {
  const Folder folder;
  {
    RoundtripState state(folder.path(), kCheck);
    REQUIRE(state.open(soon()));
    REQUIRE(state.about_to_send(mark('a'), {}));
    state.sent(Outcome::accepted);
    CHECK_FALSE(state.was_waited_for(mark('a').token));
    REQUIRE(state.settle({}, rules())->pending == 1);
  }
  RoundtripState next(folder.path(), kCheck);
  REQUIRE(next.open(soon()));
  REQUIRE(next.find(mark('a').token) != nullptr);
  REQUIRE(next.about_to_send(mark('b'), {}));
  next.refused();
  CHECK(next.find(mark('b').token) == nullptr);
  Evidence evidence;
  evidence.arrived.insert(mark('a').token);
  CHECK(next.settle(evidence, rules())->pending == 0);
  CHECK(next.outstanding().empty());
}

TEST_CASE("roundtrip state: greylisting counts from the first refusal, until the message is taken") {
  const Folder folder;
  const base::WallTime first(seconds(1'700'000'000));
  {
    RoundtripState state(folder.path(), kCheck);
    REQUIRE(state.open(soon()));
    CHECK(state.greylisted(first) == base::Duration::zero());
    REQUIRE(state.settle({}, rules()));
  }
  RoundtripState next(folder.path(), kCheck);
  REQUIRE(next.open(soon()));
  CHECK(next.greylisted(first + seconds(300)) == seconds(300));
  CHECK(next.greylisted(first - seconds(300)) == base::Duration::zero());
  REQUIRE(next.about_to_send(mark('a'), {}));
  next.sent(Outcome::accepted);
  CHECK(next.greylisted(first + seconds(900)) == base::Duration::zero());
}

TEST_CASE("roundtrip state: two runs of one check do not run at once") {
  const Folder folder;
  RoundtripState state(folder.path(), kCheck);
  REQUIRE(state.open(soon()));
  RoundtripState other(folder.path(), kCheck);
  const auto opened = other.open(soon());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind == base::ErrorKind::state_locked);
  RoundtripState elsewhere(folder.path(), "fedcba9876543210");
  CHECK(elsewhere.open(soon()));
}

TEST_CASE("roundtrip state: a run that dies over its clean-up leaves what it saw to the next one, without alarm") {
  const Folder folder;
  {
    RoundtripState state(folder.path(), kCheck);
    REQUIRE(state.open(soon()));
    REQUIRE(state.about_to_send(mark('a'), {}));
    state.sent(Outcome::accepted);
    Evidence evidence;
    evidence.arrived.insert(mark('a').token);
    REQUIRE(state.settle(evidence, rules()));
  }  // the run dies here
  {
    RoundtripState next(folder.path(), kCheck);
    REQUIRE(next.open(soon()));
    REQUIRE(next.was_waited_for(mark('a').token));
    CHECK(next.outstanding()[0].outcome == Outcome::sending);
    Evidence evidence;
    evidence.arrived.insert(mark('a').token);
    REQUIRE(next.settle(evidence, rules()));
    REQUIRE(next.finish());
  }
  RoundtripState last(folder.path(), kCheck);
  REQUIRE(last.open(soon()));
  CHECK(last.outstanding().empty());
}
