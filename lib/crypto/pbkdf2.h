// PBKDF2 with HMAC (RFC 8018 section 5.2), one block: what SCRAM calls Hi (RFC 5802 section 2.2).
//
// The call cannot be interrupted. It costs about a quarter of a microsecond of CPU an iteration where this was written;
// whoever takes the count from a peer must put a ceiling on it first.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"

namespace mailcheck::crypto {

// size_of(digest) raw bytes. iterations: 1 or more. std::nullopt: OpenSSL refuses the digest (crypto/digest.h), or
// iterations is 0 or past INT_MAX.
[[nodiscard]] std::optional<base::Secret> pbkdf2(Digest digest, const base::Secret& password, std::string_view salt,
                                                 unsigned iterations);

}  // namespace mailcheck::crypto
