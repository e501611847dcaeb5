#include "tls/client_key.h"

#include "client_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using tls::HandshakeStatus;

tls::ClientOptions with_key(const std::string& certificate, const std::string& key, std::string_view password = {}) {
  tls::ClientOptions options = trusting_options();
  options.client_certificate_file = certificate;
  options.client_key_file = key;
  options.client_key_password = base::Secret(password);
  return options;
}

std::string refusal(const tls::ClientOptions& options) {
  const FakeClock clock;
  const auto client = tls::Client::make(options, clock);
  REQUIRE_FALSE(client.has_value());
  CHECK(client.error().stage == base::Stage::tls);
  CHECK(client.error().kind == ErrorKind::local);
  return client.error().detail;
}

const ServerSetup kDemanding{.client_ca = "root.pem"};

}  // namespace

TEST_CASE("a client certificate is shown to a server that demands one") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsServer server({.maximum_version = version, .client_ca = "root.pem"});
  const auto client = make_client(with_key(test_ca("client.pem"), test_ca("client.key")));
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  CHECK(server.is_ready());
  CHECK(server.has_client_certificate());
}

TEST_CASE("an encrypted key is opened with its password") {
  TlsServer server(kDemanding);
  const auto client = make_client(with_key(test_ca("client-encrypted.pem"), test_ca("client-encrypted.key"), "secret"));
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  CHECK(server.has_client_certificate());
}

TEST_CASE("a key that cannot be used is an error in words, and nobody is prompted") {
  const std::string certificate = test_ca("client-encrypted.pem");
  const std::string key = test_ca("client-encrypted.key");
  CHECK(refusal(with_key(certificate, key)) == "client key " + key + " is encrypted and no password is given");
  CHECK(refusal(with_key(certificate, key, "wrong")) ==
        "client key " + key + " cannot be decrypted with the password given");
  CHECK(refusal(with_key(certificate, test_ca("good.key"))) ==
        "client key " + test_ca("good.key") + " does not belong to the client certificate");
  CHECK(refusal(with_key(certificate, test_ca("good-rsa.key"))) ==
        "client key " + test_ca("good-rsa.key") + " does not belong to the client certificate");
  CHECK(refusal(with_key(certificate, test_ca("root.pem"))) ==
        "client key " + test_ca("root.pem") + " holds no private key in PEM form");
  CHECK(refusal(with_key(certificate, "")) == "client key " + certificate + " holds no private key in PEM form");
  CHECK(refusal(with_key("/no/such.pem", "")) ==
        "cannot read client certificate /no/such.pem: No such file or directory");
  CHECK(refusal(with_key(certificate, "/no/such.key")) ==
        "cannot read client key /no/such.key: No such file or directory");
  CHECK(refusal(with_key("", key)) == "a client key is given without a client certificate");
  CHECK(refusal(with_key(key, key)) == "client certificate " + key + " holds no certificate in PEM form");
}

TEST_CASE("a demand for a client certificate fails the handshake of TLS 1.2") {
  TlsServer server({.maximum_version = TLS1_2_VERSION, .client_ca = "root.pem"});
  const auto client = make_client();
  const auto status = shake_hands(*client, server);
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().kind == ErrorKind::tls_handshake);
  CHECK(status.error().detail == "server demands a client certificate");
  CHECK(client->facts().sent_chain.size() == 2);
}

TEST_CASE("a demand for a client certificate shows in TLS 1.3 only when reading") {
  TlsServer server(kDemanding);
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  client->receive(server.take_output());
  std::array<char, 16> buffer{};
  const auto result = client->read(buffer);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::tls_handshake);
  CHECK(result.error().detail == "server demands a client certificate (alert 116)");
}

TEST_CASE("a client certificate of a stranger is refused by the server, and the words say so") {
  TlsServer server({.client_ca = "other-root.pem"});
  const auto client = make_client(with_key(test_ca("client.pem"), test_ca("client.key")));
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  client->receive(server.take_output());
  std::array<char, 16> buffer{};
  const auto result = client->read(buffer);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().detail == "server refused the client certificate (alert 48, unknown CA)");
}
