#include "tls/client_key.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

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

// "OPTION: detail"
std::string refusal(const tls::ClientOptions& options) {
  const FakeClock clock;
  const auto client = tls::Client::make(options, clock);
  REQUIRE_FALSE(client.has_value());
  CHECK(client.error().stage == base::Stage::tls);
  CHECK(client.error().kind == ErrorKind::local);
  return fmt::format("{}: {}", client.error().input, client.error().detail);
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
  CHECK(refusal(with_key(certificate, key)) ==
        "client-key: client key " + key + " is encrypted; expected --client-key-password-file with its password");
  CHECK(refusal(with_key(certificate, key, "wrong")) ==
        "client-key-password-file: client key " + key + " cannot be decrypted with the password given");
  for (const std::string& other : {test_ca("good.key"), test_ca("good-rsa.key")}) {
    CHECK(refusal(with_key(certificate, other)) ==
          "client-key: client key " + other + " does not belong to the client certificate");
  }
  CHECK(refusal(with_key(certificate, test_ca("root.pem"))) ==
        "client-key: client key " + test_ca("root.pem") + " holds no private key in PEM form");
  CHECK(refusal(with_key(certificate, "")) == "client-cert: client certificate " + certificate +
                                                  " holds no private key; expected --client-key with its file");
  CHECK(refusal(with_key("/no/such.pem", "")) ==
        "client-cert: cannot read client certificate /no/such.pem: No such file or directory");
  CHECK(refusal(with_key(certificate, "/no/such.key")) ==
        "client-key: cannot read client key /no/such.key: No such file or directory");
  CHECK(refusal(with_key("", key)) == "client-key: a client key is given without a client certificate");
  CHECK(refusal(with_key(key, key)) == "client-cert: client certificate " + key + " holds no certificate in PEM form");
}

TEST_CASE("a key in the certificate's file is told by that file") {
  const std::string path = fmt::format("/tmp/mailcheck-both-{}.pem", getpid());
  const auto both = [&](const std::string& certificate, const std::string& key) {
    std::ofstream out(path, std::ios::trunc);
    out << std::ifstream(test_ca(certificate)).rdbuf() << std::ifstream(test_ca(key)).rdbuf();
    out.close();
    return with_key(path, "");
  };
  CHECK(refusal(both("client.pem", "good.key")) ==
        "client-cert: the key in " + path + " does not belong to the client certificate");
  CHECK(refusal(both("client-encrypted.pem", "client-encrypted.key")) ==
        "client-cert: the key in " + path + " is encrypted; expected --client-key-password-file with its password");
  CHECK(make_client(both("client.pem", "client.key")) != nullptr);
  std::remove(path.c_str());
}

TEST_CASE("a pipe is refused, since OpenSSL would wait for its writer for ever") {
  const std::string pipe = fmt::format("/tmp/mailcheck-pipe-{}", getpid());
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(refusal(with_key(pipe, "")) == "client-cert: client certificate " + pipe + " is not a regular file");
  CHECK(refusal(with_key(test_ca("client.pem"), pipe)) == "client-key: client key " + pipe + " is not a regular file");
  tls::ClientOptions options = trusting_options();
  options.ca_file = pipe;
  CHECK(refusal(options) == "ca-file: CA file " + pipe + " is not a regular file");
  std::remove(pipe.c_str());
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
