// A server knows the password that it was given, and may echo it: in a folder's name, in a header field, in a bounce.
// Nothing of it leaves the probe. Part of roundtrip.
#pragma once

#include "base/mask.h"
#include "probe/roundtrip_facts.h"

namespace mailcheck::probe {

// Everything but the facts of the two sessions, which mask themselves.
void mask_words(const base::Mask& mask, RoundtripFacts& facts);

}  // namespace mailcheck::probe
