// Comparison whose duration does not depend on where two byte strings differ: for proofs and tokens from a peer.
#pragma once

#include <string_view>

namespace mailcheck::crypto {

// Only the lengths may be learnt from the time it takes.
[[nodiscard]] bool is_equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace mailcheck::crypto
