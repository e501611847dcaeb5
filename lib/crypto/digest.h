// Digests of short byte strings in one call (OpenSSL EVP).
//
// Every function of this room answers std::nullopt where OpenSSL refuses the algorithm: MD5 in FIPS mode, SHA-1 under a
// strict crypto policy. A refusal leaves OpenSSL's error queue as it was, so that a TLS connection of the same thread
// does not stumble over it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace mailcheck::crypto {

enum class Digest { md5, sha1, sha256 };

// Size of the digest in bytes: 16, 20, 32.
[[nodiscard]] std::size_t size_of(Digest digest);

// Raw bytes, not hex.
[[nodiscard]] std::optional<std::string> digest_of(Digest digest, std::string_view bytes);
// The same for bytes that must not be left behind; the digest of a secret is a secret.
[[nodiscard]] std::optional<base::Secret> digest_of(Digest digest, const base::Secret& bytes);

// Lower-case hexadecimal, two digits a byte.
[[nodiscard]] std::string hex(std::string_view bytes);
// The same for bytes that must not be left behind.
[[nodiscard]] base::Secret hex(const base::Secret& bytes);

}  // namespace mailcheck::crypto
