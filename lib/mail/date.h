// Date: RFC 5322 section 3.3 date-time, always UTC and English, whatever locale and time zone are set.
#pragma once

#include <string>

#include "base/clock.h"

namespace mailcheck::mail {

// "Sat, 21 Nov 2026 07:03:09 +0000"
[[nodiscard]] std::string print_date(base::WallTime time);

}  // namespace mailcheck::mail
