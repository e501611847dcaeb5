// HMAC (RFC 2104), keyed with a password or with what was derived from one: the result is a secret too.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"

namespace mailcheck::crypto {

// size_of(digest) raw bytes. The key may be empty. std::nullopt: OpenSSL refuses the digest (crypto/digest.h).
[[nodiscard]] std::optional<base::Secret> hmac(Digest digest, std::string_view key, std::string_view message);

}  // namespace mailcheck::crypto
