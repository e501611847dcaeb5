// INTERNALDATE (RFC 9051 section 9, date-time): "17-Jul-1996 02:44:25 -0700", day padded with a space or not.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace mailcheck::imap {

// std::nullopt for what is not a date; a leap second counts as the second after it.
[[nodiscard]] std::optional<base::WallTime> parse_date_time(std::string_view text);

}  // namespace mailcheck::imap
