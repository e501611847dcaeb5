#include "base/timeline.h"

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

TEST_CASE("a step that is not finished is absent and told apart") {
  mailcheck::test::FakeClock clock;
  Timeline timeline(clock);
  timeline.begin(Stage::auth);
  clock.advance(1s);
  CHECK(timeline.steps().empty());
  CHECK(timeline.unfinished() == Stage::auth);
  timeline.finish();
  CHECK_FALSE(timeline.unfinished().has_value());
}
