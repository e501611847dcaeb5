// Dates and times for people, in UTC, the same in every locale: "2026-11-21", "2026-11-21 10:15 UTC",
// "2026-11-21 10:15:00 UTC".
#pragma once

#include <string>

#include "base/clock.h"

namespace mailcheck::base {

enum class Precision { day, minute, second };

[[nodiscard]] std::string utc_text(WallTime time, Precision precision);

}  // namespace mailcheck::base
