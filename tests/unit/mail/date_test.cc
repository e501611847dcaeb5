#include "mail/date.h"

#include "support/catch2.h"

using namespace mailcheck;
using namespace std::chrono_literals;

namespace {

// Seconds since 1970, -1 for what is no date.
long long read(std::string_view text) {
  const auto time = mail::parse_date(text);
  return time ? time->time_since_epoch().count() : -1;
}

}  // namespace

TEST_CASE("a date is printed as RFC 5322 has it") {
  CHECK(mail::print_date(base::WallTime(0s)) == "Thu, 1 Jan 1970 00:00:00 +0000");
  CHECK(mail::print_date(base::WallTime(1795244589s)) == "Sat, 21 Nov 2026 07:03:09 +0000");
  CHECK(mail::print_date(base::WallTime(951868799s)) == "Tue, 29 Feb 2000 23:59:59 +0000");
}

TEST_CASE("what is printed reads back as itself") {
  const auto seconds = GENERATE(0LL, 951868799LL, 1795244589LL, 4102444800LL);
  CHECK(read(mail::print_date(base::WallTime(std::chrono::seconds(seconds)))) == seconds);
}

TEST_CASE("dates as servers write them") {
  CHECK(read("Sat, 21 Nov 2026 07:03:09 +0000") == 1795244589);
  CHECK(read("Sat, 21 Nov 2026 08:03:09 +0100 (CET)") == 1795244589);
  CHECK(read("Fri, 20 Nov 2026 23:03:09 -0800 (PST)") == 1795244589);
  CHECK(read("21 Nov 2026 07:03:09 -0000") == 1795244589);
  CHECK(read("Sat, 21 Nov 2026 12:33:09 +0530") == 1795244589);
  CHECK(read("sat, 21 NOV 2026 7:03:09 gmt") == 1795244589);
  CHECK(read("Sat,21 Nov 2026\r\n\t07:03:09 +0000") == 1795244589);
}

TEST_CASE("obsolete forms are read") {
  CHECK(read("Sat, 21 Nov 26 07:03:09 GMT") == 1795244589);
  CHECK(read("Sat, 21 Nov 126 07:03:09 Z") == 1795244589);
  CHECK(read("21 Nov 99 00:00 UT") == 943142400);
  CHECK(read("Sat, 21 Nov 2026 02:03:09 EST") == 1795244589);
  CHECK(read("Sat, 21 Nov 2026 00:03:09 PDT") == 1795244589);
  // RFC 5322 appendix A.5
  CHECK(read("Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 "
             "(Newfoundland Time)") == -27723480);
  CHECK(read("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600") == 880127706);
  CHECK(read("(a (b) \\) c) Sat (x), 21 Nov 2026 (y) 07:03:09 (z) +0000 (w)") == 1795244589);
}

TEST_CASE("a leap second is the last of its minute, a leap day is a day") {
  CHECK(read("Sat, 31 Dec 2016 23:59:60 +0000") == 1483228799);
  CHECK(read("29 Feb 2024 00:00:00 +0000") == 1709164800);
}

TEST_CASE("what is no date, or has a zone that nobody knows, is nothing") {
  const auto text = GENERATE(as<std::string>{}, "", " ", "yesterday", "29 Feb 2023 00:00:00 +0000",
                             "32 Jan 2023 00:00:00 +0000", "1 Foo 2023 00:00:00 +0000", "1 Jan 2023 24:00:00 +0000",
                             "1 Jan 2023 00:60:00 +0000", "1 Jan 2023 00:00:61 +0000", "1 Jan 2023 00:00:00",
                             "1 Jan 2023 00:00:00 CEST", "1 Jan 2023 00:00:00 A", "1 Jan 2023 00:00:00 +000",
                             "1 Jan 2023 00:00:00 +0060", "1 Jan 2023 00:00:00 +0000 x", "1 Jan 20230 00:00:00 +0000",
                             "1 Jan 2023 0000 +0000", "1 Jan 2023 00:00:00 +0000 (open", "-1 Jan 2023 00:00:00 +0000",
                             "1 Jan 2023 00:00:00 +-100", "1 Jan 2023 00:00:00 +0000 1 2 3 4 5 6 7 8 9");
  CAPTURE(text);
  CHECK_FALSE(mail::parse_date(text));
}
