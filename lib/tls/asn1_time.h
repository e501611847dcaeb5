// ASN.1 time (UTCTime, GeneralizedTime) -> wall time.
#pragma once

#include <optional>

#include "base/clock.h"

struct asn1_string_st;

namespace mailcheck::tls {

// std::nullopt: there is none (nullptr), or what stands there is no time.
[[nodiscard]] std::optional<base::WallTime> wall_time_of(const asn1_string_st* time);

}  // namespace mailcheck::tls
