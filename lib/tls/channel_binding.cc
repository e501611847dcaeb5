#include "tls/channel_binding.h"

#include <openssl/ssl.h>

#include <array>
#include <string_view>

namespace mailcheck::tls {
namespace {

constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
constexpr std::size_t kExporterSize = 32;

std::string as_text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

std::optional<ChannelBinding> exporter(SSL* session) {
  std::array<unsigned char, kExporterSize> out{};
  if (SSL_export_keying_material(session, out.data(), out.size(), kLabel.data(), kLabel.size(), nullptr, 0, 0) != 1) {
    return std::nullopt;
  }
  return ChannelBinding{"tls-exporter", as_text(out.data(), out.size())};
}

const EVP_MD* binding_digest(X509* leaf) {
  int digest = NID_undef;
  X509_get_signature_info(leaf, &digest, nullptr, nullptr, nullptr);
  if (digest == NID_undef) return nullptr;
  if (digest == NID_md5 || digest == NID_sha1 || digest == NID_md5_sha1) return EVP_sha256();
  return EVP_get_digestbynid(digest);
}

std::optional<ChannelBinding> server_end_point(SSL* session) {
  X509* leaf = SSL_get0_peer_certificate(session);
  const EVP_MD* digest = leaf == nullptr ? nullptr : binding_digest(leaf);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (digest == nullptr || X509_digest(leaf, digest, out.data(), &size) != 1) return std::nullopt;
  return ChannelBinding{"tls-server-end-point", as_text(out.data(), size)};
}

}  // namespace

std::optional<ChannelBinding> channel_binding(ssl_st* session) {
  if (SSL_is_init_finished(session) != 1) return std::nullopt;
  return SSL_version(session) >= TLS1_3_VERSION ? exporter(session) : server_end_point(session);
}

}  // namespace mailcheck::tls
