// What the sides of a round trip have to know of each other. Part of roundtrip.
#pragma once

#include "probe/roundtrip.h"

namespace mailcheck::probe {

// The check's identity and the domain of its Message-IDs, for those who watch; one time-out, one teller of progress,
// and the secrets of every side for the mask of each: one operator may know them all.
[[nodiscard]] RoundtripRequest prepared(RoundtripRequest request);

}  // namespace mailcheck::probe
