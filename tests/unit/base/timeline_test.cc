#include "base/timeline.h"

#include "base/deadline.h"
#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck::base;
using namespace std::chrono_literals;

TEST_CASE("a step repeated is one entry with the sum, at the place of its first") {
  mailcheck::test::FakeClock clock;
  Timeline timeline(clock);
  for (const auto stage : {Stage::greeting, Stage::capability, Stage::tls, Stage::capability}) {
    timeline.begin(stage);
    clock.advance(10ms);
    timeline.finish();
  }
  REQUIRE(timeline.steps().size() == 3);
  CHECK(timeline.steps()[1].stage == Stage::capability);
  CHECK(timeline.steps()[1].duration == 20ms);
  CHECK(timeline.total() == 40ms);
}

TEST_CASE("a step that is not finished is absent and is the current one") {
  mailcheck::test::FakeClock clock;
  Timeline timeline(clock);
  timeline.begin(Stage::auth);
  clock.advance(1s);
  CHECK(timeline.steps().empty());
  CHECK(timeline.current() == Stage::auth);
}

TEST_CASE("a deadline only shrinks") {
  mailcheck::test::FakeClock clock;
  const Deadline deadline(clock, 10s);
  CHECK(deadline.at_most(2s).remaining() == 2s);
  CHECK(deadline.at_most(60s).remaining() == 10s);
  CHECK(deadline.with_reserve(2s).remaining() == 8s);
  clock.advance(11s);
  CHECK(deadline.remaining() == 0s);
  CHECK(deadline.has_expired());
}
