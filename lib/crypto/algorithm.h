// From our Digest to OpenSSL's. Inside this room only.
#pragma once

#include <openssl/evp.h>

#include "crypto/digest.h"

namespace mailcheck::crypto {

// The EVP_sha256() constants need no look-up by name here; OpenSSL does that where they are used, and caches it.
[[nodiscard]] inline const EVP_MD* algorithm_of(Digest digest) {
  switch (digest) {
    case Digest::md5: return EVP_md5();
    case Digest::sha1: return EVP_sha1();
    case Digest::sha256: return EVP_sha256();
  }
  return EVP_sha256();
}

}  // namespace mailcheck::crypto
