#include "tls/channel_binding.h"

#include <openssl/evp.h>

#include "client_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using tls::HandshakeStatus;

std::optional<tls::ChannelBinding> bound(TlsServer& server, tls::Verification verification) {
  tls::ClientOptions options = trusting_options();
  options.verification = verification;
  const auto client = make_client(options);
  CHECK_FALSE(client->channel_binding().has_value());
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  return client->channel_binding();
}

std::string exported_by(TlsServer& server) {
  std::array<unsigned char, 32> out{};
  const std::string label = "EXPORTER-Channel-Binding";
  // RFC 9266: a context of length zero.
  REQUIRE(SSL_export_keying_material(server.session(), out.data(), out.size(), label.data(), label.size(), out.data(),
                                     0, 1) == 1);
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string digest_of_own_certificate(TlsServer& server, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  REQUIRE(X509_digest(SSL_get_certificate(server.session()), digest, out.data(), &size) == 1);
  return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace

TEST_CASE("in TLS 1.3 both ends export the same binding") {
  TlsServer server;
  const auto binding = bound(server, tls::Verification::required);
  REQUIRE(binding.has_value());
  CHECK(binding->type == "tls-exporter");
  CHECK(binding->data.size() == 32);
  CHECK(binding->data == exported_by(server));
}

TEST_CASE("in TLS 1.2 the binding is the digest of the server's certificate") {
  TlsServer server({.maximum_version = TLS1_2_VERSION});
  const auto binding = bound(server, tls::Verification::required);
  REQUIRE(binding.has_value());
  CHECK(binding->type == "tls-server-end-point");
  CHECK(binding->data == digest_of_own_certificate(server, EVP_sha256()));
}

TEST_CASE("a SHA-1 signature is bound by SHA-256") {
  TlsServer server({.certificate = "sha1-signed", .maximum_version = TLS1_2_VERSION});
  const auto binding = bound(server, tls::Verification::reported);
  REQUIRE(binding.has_value());
  CHECK(binding->data == digest_of_own_certificate(server, EVP_sha256()));
}

TEST_CASE("an Ed25519 signature has no hash and so no end-point binding") {
  TlsServer server({.certificate = "good-ed25519", .maximum_version = TLS1_2_VERSION});
  CHECK_FALSE(bound(server, tls::Verification::reported).has_value());
}
