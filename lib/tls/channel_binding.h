// ChannelBinding: what ties a SASL exchange to this TLS session (RFC 5056), for the -PLUS mechanisms.
#pragma once

#include <optional>
#include <string>

struct ssl_st;

namespace mailcheck::tls {

struct ChannelBinding {
  std::string type;  // "tls-exporter" or "tls-server-end-point"
  std::string data;  // raw bytes
};

// TLS 1.3: tls-exporter (RFC 9266). Older: tls-server-end-point (RFC 5929 section 4), the digest of the server's
// certificate by the hash of its signature, SHA-256 in place of MD5 and SHA-1. std::nullopt before the handshake is
// done, and for TLS 1.2 with a certificate whose signature has no hash of its own (Ed25519), which RFC 5929 leaves
// undefined.
[[nodiscard]] std::optional<ChannelBinding> channel_binding(ssl_st* session);

}  // namespace mailcheck::tls
