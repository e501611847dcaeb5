#include "crypto/constant_time.h"

#include <openssl/crypto.h>

namespace mailcheck::crypto {

bool is_equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && (left.empty() || CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0);
}

}  // namespace mailcheck::crypto
