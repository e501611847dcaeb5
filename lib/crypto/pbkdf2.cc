#include "crypto/pbkdf2.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <climits>

#include "crypto/algorithm.h"
#include "crypto/error_mark.h"

namespace mailcheck::crypto {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}

}  // namespace

std::optional<base::Secret> pbkdf2(Digest digest, const base::Secret& password, std::string_view salt,
                                   unsigned iterations) {
  if (iterations == 0 || iterations > INT_MAX) return std::nullopt;
  const ErrorMark mark;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  const std::string_view pass = password.expose();
  const std::size_t size = size_of(digest);
  // PKCS5_PBKDF2_HMAC and not EVP_KDF: it switches the FIPS provider's own lower limits off, which the peer does not
  // know.
  if (PKCS5_PBKDF2_HMAC(pass.empty() ? "" : pass.data(), static_cast<int>(pass.size()), bytes_of(salt),
                        static_cast<int>(salt.size()), static_cast<int>(iterations), algorithm_of(digest),
                        static_cast<int>(size), out.data()) != 1) {
    return std::nullopt;
  }
  base::Secret result(std::string_view(reinterpret_cast<const char*>(out.data()), size));
  OPENSSL_cleanse(out.data(), out.size());
  return result;
}

}  // namespace mailcheck::crypto
