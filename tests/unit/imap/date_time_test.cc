#include "imap/date_time.h"

#include <chrono>

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_date_time;

TEST_CASE("a date and time with its zone is a moment") {
  struct Row {
    std::string_view text;
    std::int64_t seconds;  // since 1970, by GNU date
  };
  const auto row = GENERATE(values<Row>({{"17-Jul-1996 02:44:25 -0700", 837596665},
                                         {"01-Jan-1970 00:00:00 +0000", 0},
                                         {" 1-Jan-1970 00:00:00 +0000", 0},
                                         {"1-Jan-1970 00:00:00 +0000", 0},
                                         {"01-jan-1970 01:00:00 +0100", 0},
                                         {"31-DEC-1969 23:59:59 +0000", -1},
                                         {"29-Feb-2024 12:00:00 +0530", 1709188200},
                                         {"31-Dec-2016 23:59:60 +0000", 1483228800},
                                         {"20-Nov-2026 10:00:00 -0000", 1795168800},
                                         {"01-Jan-2038 00:00:00 -1200", 2145960000}}));
  CAPTURE(row.text);
  const auto time = parse_date_time(row.text);
  REQUIRE(time);
  CHECK(time->time_since_epoch().count() == row.seconds);
}

TEST_CASE("what is not a date and time is refused") {
  const std::string_view text = GENERATE(
      as<std::string_view>{}, "", " ", "-", "17-Jul-1996", "32-Jan-2026 00:00:00 +0000", "00-Jan-2026 00:00:00 +0000",
      "29-Feb-2026 00:00:00 +0000", "31-Apr-2026 00:00:00 +0000", "17-Foo-1996 02:44:25 -0700",
      "17-Jul-1996 24:44:25 -0700", "17-Jul-1996 02:60:25 -0700", "17-Jul-1996 02:44:61 -0700",
      "17-Jul-1996 02:44:25 0700 ", "17-Jul-1996 02:44:25 -2400", "17-Jul-1996 02:44:25 -0760",
      "17-Jul-96 02:44:25 -0700", "17-Jul-1996T02:44:25 -0700", "17 Jul 1996 02:44:25 -0700",
      "+7-Jul-1996 02:44:25 -0700", "-7-Jul-1996 02:44:25 -0700", "Wed, 17 Jul 1996 02:44:25",
      "aaaaaaaaaaaaaaaaaaaaaaaaaa",  // 26 bytes without a hyphen
      "aaaaaaaaaaaaaaaaaaaaaaaaa-",  // a hyphen at the very end
      "-aaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaa", "17-Jul-1996 02:44:25 -07000",
      "  7-Jul-1996 02:44:25 -0700");
  CAPTURE(text);
  CHECK_FALSE(parse_date_time(text).has_value());
}
