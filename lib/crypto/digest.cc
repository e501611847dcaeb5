#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

#include "crypto/algorithm.h"
#include "crypto/error_mark.h"

namespace mailcheck::crypto {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::array<char, 2> hex_of(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return {kHexDigits[value >> 4U], kHexDigits[value & 0xfU]};
}

}  // namespace

std::size_t size_of(Digest digest) {
  return static_cast<std::size_t>(EVP_MD_get_size(algorithm_of(digest)));
}

std::optional<std::string> digest_of(Digest digest, std::string_view bytes) {
  const ErrorMark mark;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm_of(digest), nullptr) != 1) {
    return std::nullopt;
  }
  std::string result(out.begin(), out.begin() + size);
  OPENSSL_cleanse(out.data(), out.size());
  return result;
}

std::optional<base::Secret> digest_of(Digest digest, const base::Secret& bytes) {
  auto raw = digest_of(digest, bytes.expose());
  if (!raw) return std::nullopt;
  return base::Secret::take(*raw);
}

std::string hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    const auto digits = hex_of(byte);
    out.append(digits.begin(), digits.end());
  }
  return out;
}

base::Secret hex(const base::Secret& bytes) {
  std::string out = hex(bytes.expose());
  return base::Secret::take(out);
}

}  // namespace mailcheck::crypto
