#include "dns/waiting_time.h"

#include "support/catch2.h"

using mailcheck::dns::describe_wait;
using namespace std::chrono_literals;

TEST_CASE("a wait is told in milliseconds below a second and in seconds from there on") {
  CHECK(describe_wait(0ms) == "0 ms");
  CHECK(describe_wait(250'400us) == "250 ms");
  CHECK(describe_wait(999'400us) == "999 ms");
  CHECK(describe_wait(999'600us) == "1 s");
  CHECK(describe_wait(7'999'900us) == "8 s");
  CHECK(describe_wait(2540ms) == "2.5 s");
  CHECK(describe_wait(48s) == "48 s");
}
