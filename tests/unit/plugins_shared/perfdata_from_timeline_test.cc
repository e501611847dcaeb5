#include "plugins/shared/perfdata_from_timeline.h"

#include "support/catch2.h"

using namespace mailcheck;
using namespace std::chrono_literals;

TEST_CASE("steps become seconds in their order, the total stands last, limits are those of the label") {
  plugin::Thresholds thresholds;
  thresholds.set_warning("auth", *plugin::Range::parse("1"));
  thresholds.set_critical("total", *plugin::Range::parse("5"));
  const auto metrics =
      plugins::perfdata_from_timeline({{base::Stage::connect, 1500us}, {base::Stage::auth, 2s}}, 2100ms, thresholds);
  REQUIRE(metrics.size() == 3);
  CHECK(plugin::print(metrics[0]) == "connect=0.001500s");
  CHECK(plugin::print(metrics[1]) == "auth=2.000000s;1");
  CHECK(plugin::print(metrics[2]) == "total=2.100000s;;5");
}

TEST_CASE("a session without a finished step has its total") {
  const auto metrics = plugins::perfdata_from_timeline({}, 0s, {});
  REQUIRE(metrics.size() == 1);
  CHECK(plugin::print(metrics[0]) == "total=0.000000s");
}
