// Date: RFC 5322 section 3.3 date-time, always UTC and English, whatever locale and time zone are set.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mailcheck::mail {

// "Sat, 21 Nov 2026 07:03:09 +0000"
[[nodiscard]] std::string print_date(base::WallTime time);

// Reads what is in use, obsolete forms (section 4.3) too: no day of week, no seconds, years of two or three digits,
// comments and blanks between all parts, UT GMT Z EST EDT CST CDT MST MDT PST PDT; a leap second is the last second of
// its minute. The day of week is not compared.
// std::nullopt: not a date, or a zone whose meaning nobody knows (none, other letters): guessing UTC, as section 4.3
// would have it, makes delays of hours that never were.
[[nodiscard]] std::optional<base::WallTime> parse_date(std::string_view text);

}  // namespace mailcheck::mail
