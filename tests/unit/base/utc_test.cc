#include "base/utc.h"

#include "support/catch2.h"

using namespace mailcheck::base;
using namespace std::chrono;

TEST_CASE("a time is printed in UTC, to the day, the minute or the second") {
  const WallTime time = sys_days(2026y / 11 / 21) + 9h + 5min + 7s;
  CHECK(utc_text(time, Precision::day) == "2026-11-21");
  CHECK(utc_text(time, Precision::minute) == "2026-11-21 09:05 UTC");
  CHECK(utc_text(time, Precision::second) == "2026-11-21 09:05:07 UTC");
}

TEST_CASE("times before 1970 and in the last year of X.509 are printed as well") {
  CHECK(utc_text(sys_days(1950y / 1 / 1) + 23h, Precision::minute) == "1950-01-01 23:00 UTC");
  CHECK(utc_text(sys_days(9999y / 12 / 31) + 23h + 59min + 59s, Precision::second) == "9999-12-31 23:59:59 UTC");
}
