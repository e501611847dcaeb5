#include "crypto/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

#include "crypto/algorithm.h"
#include "crypto/error_mark.h"

namespace mailcheck::crypto {

std::optional<base::Secret> hmac(Digest digest, std::string_view key, std::string_view message) {
  const ErrorMark mark;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  std::size_t size = 0;
  // A null key means "no key set" to OpenSSL, not the empty key.
  const char* key_bytes = key.empty() ? "" : key.data();
  const auto* message_bytes = reinterpret_cast<const unsigned char*>(message.empty() ? "" : message.data());
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, EVP_MD_get0_name(algorithm_of(digest)), nullptr, key_bytes, key.size(),
                message_bytes, message.size(), out.data(), out.size(), &size) == nullptr) {
    return std::nullopt;
  }
  base::Secret result(std::string_view(reinterpret_cast<const char*>(out.data()), size));
  OPENSSL_cleanse(out.data(), out.size());
  return result;
}

}  // namespace mailcheck::crypto
