#include "tls/key_exchange.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <array>
#include <string_view>

#include "tls/handles.h"

namespace mailcheck::tls {
namespace {

std::string usual_name(std::string_view name) {
  if (name == "prime256v1" || name == "secp256r1") return "P-256";
  if (name == "secp384r1") return "P-384";
  if (name == "secp521r1") return "P-521";
  if (name == "x25519") return "X25519";
  if (name == "x448") return "X448";
  return std::string(name);
}

std::string name_of(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_DH) return fmt::format("DH {}", EVP_PKEY_get_bits(key));
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1) return usual_name({group.data(), size});
  const char* type = EVP_PKEY_get0_type_name(key);
  return type == nullptr ? std::string() : usual_name(type);
}

}  // namespace

std::string key_exchange_group(ssl_st* session) {
#if OPENSSL_VERSION_NUMBER >= 0x30200000L  // knows the hybrid groups, which have no key to look at
  if (const char* name = SSL_get0_group_name(session); name != nullptr) return usual_name(name);
#endif
  EVP_PKEY* key = nullptr;
  if (SSL_get_peer_tmp_key(session, &key) != 1) return {};
  const KeyHandle owner(key);
  return name_of(key);
}

}  // namespace mailcheck::tls
