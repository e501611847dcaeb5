#include "mail/date.h"

#include "support/catch2.h"

using namespace mailcheck;
using namespace std::chrono_literals;

TEST_CASE("a date is printed as RFC 5322 has it") {
  CHECK(mail::print_date(base::WallTime(0s)) == "Thu, 1 Jan 1970 00:00:00 +0000");
  CHECK(mail::print_date(base::WallTime(1795244589s)) == "Sat, 21 Nov 2026 07:03:09 +0000");
  CHECK(mail::print_date(base::WallTime(951868799s)) == "Tue, 29 Feb 2000 23:59:59 +0000");
}
