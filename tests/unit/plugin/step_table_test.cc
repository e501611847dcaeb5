// The table of steps: its rows, its bars, and where time goes that no finished step accounts for.
#include <limits>

#include "example_report.h"
#include "plugin/long_output.h"
#include "support/catch2.h"

using namespace mailcheck::plugin;
using namespace mailcheck::test;

TEST_CASE("a step that never ended has a row of its own name") {
  CHECK(step_table({seconds("dns", 0.002), seconds("connect", 0.1), seconds("total", 10)}, "greeting") ==
        "steps:\n"
        "  dns           2.0 ms    0 %\n"
        "  connect     100.0 ms    1 %\n"
        "  greeting   9898.0 ms   99 %  ################################  (not finished)\n"
        "  total     10000.0 ms  100 %\n");
}

TEST_CASE("a step about something else than this run has no row") {
  Metric other = seconds("transit", 300);
  other.about = "the message of an earlier run";
  CHECK(step_table({seconds("dns", 0.5), other, seconds("total", 1)}) ==
        "steps:\n"
        "  dns      500.0 ms   50 %  ########################################\n"
        "  (rest)   500.0 ms   50 %  ########################################\n"
        "  total   1000.0 ms  100 %\n");
}

TEST_CASE("a step that failed at once has its row too, if only without a bar") {
  CHECK(step_table({seconds("dns", 0.1), seconds("total", 0.1)}, "connect") ==
        "steps:\n"
        "  dns      100.0 ms  100 %  ###################################\n"
        "  connect    0.0 ms    0 %  (not finished)\n"
        "  total    100.0 ms  100 %\n");
}

TEST_CASE("a step that was done before and did not finish again has two rows") {
  CHECK(step_table({seconds("search", 1), seconds("total", 2)}, "search") ==
        "steps:\n"
        "  search  1000.0 ms   50 %  ###################################\n"
        "  search  1000.0 ms   50 %  ###################################  (not finished)\n"
        "  total   2000.0 ms  100 %\n");
}

TEST_CASE("time between finished steps is a row of its own, if it is worth one") {
  CHECK(step_table({seconds("dns", 0.5), seconds("total", 1)}) ==
        "steps:\n"
        "  dns      500.0 ms   50 %  ########################################\n"
        "  (rest)   500.0 ms   50 %  ########################################\n"
        "  total   1000.0 ms  100 %\n");
  CHECK(step_table({seconds("dns", 0.995), seconds("total", 1)}).find("(rest)") == std::string::npos);  // below 1 %
  CHECK(step_table({seconds("dns", 0.001), seconds("total", 0.0015)}).find("(rest)") == std::string::npos);  // 0.5 ms
}

TEST_CASE("without steps there is no table, and without a total no share of it is missing") {
  CHECK(step_table({}).empty());
  CHECK(step_table({}, "dns").empty());
  CHECK(step_table({seconds("total", 0)}) == "steps:\n  total  0.0 ms    0 %\n");
  CHECK(step_table({seconds("dns", 0.25)}, "connect") ==
        "steps:\n  dns    250.0 ms  100 %  ########################################\n");
}

TEST_CASE("numbers that are none, and labels of a hostile hand, do no harm") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  CHECK(step_table({seconds("dns", none), seconds("total", none)}).empty());
  CHECK(step_table({seconds("dns", -1), seconds("total", 0)}) ==
        "steps:\n  dns    0.0 ms    0 %\n  total  0.0 ms    0 %\n");
  const std::string table = step_table({seconds("a|b\n", 1), seconds("total", 2)}, "<c>\x1b");
  CHECK(table.find("  a/b  ") != std::string::npos);
  CHECK(table.find("  [c]  ") != std::string::npos);
}
