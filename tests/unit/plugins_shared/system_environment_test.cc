#include "plugins/shared/system_environment.h"

#include "plugin/usage_error.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace std::chrono_literals;

TEST_CASE("sleep lasts until the deadline, and no time at all where it has passed") {
  plugins::SystemEnvironment environment("");
  const probe::Environment world = environment.get();
  REQUIRE(world.sleep);
  const auto start = world.clock.now();
  world.sleep(base::Deadline(world.clock, 70ms));
  const auto slept = world.clock.now() - start;
  CHECK(slept >= 70ms);
  CHECK(slept < 5s);
  const auto again = world.clock.now();
  world.sleep(base::Deadline(world.clock, -1s));
  CHECK(world.clock.now() - again < 50ms);
}

TEST_CASE("a resolver that is none is an error of its option") {
  CHECK_THROWS_AS(plugins::SystemEnvironment("nonsense"), plugin::UsageError);
}
