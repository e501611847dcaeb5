// Chain and name: what tls::Client makes of every certificate of the test CA.
#include "client_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using tls::HandshakeStatus;

struct Outcome {
  base::Error error;
  tls::SessionFacts facts;
};

Outcome refused(const std::string& certificate, const tls::ClientOptions& options = trusting_options()) {
  INFO(certificate);
  TlsServer server({.certificate = certificate});
  const auto client = make_client(options);
  const auto status = shake_hands(*client, server);
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().stage == base::Stage::tls);
  CHECK_FALSE(client->write("secret").has_value());
  CHECK_FALSE(client->facts().sent_chain.empty());
  return {status.error(), client->facts()};
}

bool accepts(const std::string& certificate, const std::vector<std::string>& names) {
  tls::ClientOptions options = trusting_options(names.front());
  options.verify_names = names;
  TlsServer server({.certificate = certificate});
  const auto client = make_client(options);
  return shake_hands(*client, server).has_value();
}

}  // namespace

TEST_CASE("an expired certificate is refused, and its dates are still facts") {
  const auto [error, facts] = refused("expired");
  CHECK(error.kind == ErrorKind::expired);
  CHECK(error.detail == "certificate ended 2025-01-01 00:00 UTC, 530 days ago");
  CHECK(facts.faults.size() == 1);
  CHECK(facts.sent_chain.front().not_after == std::chrono::sys_days(std::chrono::year(2025) / 1 / 1));
  CHECK_FALSE(facts.version.empty());
}

TEST_CASE("an expired intermediate is named") {
  const auto [error, facts] = refused("expired-intermediate");
  CHECK(error.kind == ErrorKind::expired);
  CHECK(error.detail == "intermediate CN=Test Faded Intermediate ended 2025-01-01 00:00 UTC, 530 days ago");
}

TEST_CASE("a certificate of the future is not yet valid") {
  const auto [error, facts] = refused("future");
  CHECK(error.kind == ErrorKind::not_yet_valid);
  CHECK(error.detail.find("certificate begins 2099-01-01 00:00 UTC, in ") == 0);
}

TEST_CASE("the clock that is brought along decides what is expired") {
  FakeClock clock;
  clock.set_wall(std::chrono::sys_days(std::chrono::year(2024) / 6 / 1));
  TlsServer server({.certificate = "expired"});
  const auto client = tls::Client::make(trusting_options(), clock);
  REQUIRE(client.has_value());
  CHECK(shake_hands(**client, server) == HandshakeStatus::done);
}

TEST_CASE("a certificate for another host says for which") {
  const auto [error, facts] = refused("wrong-name");
  CHECK(error.kind == ErrorKind::name_mismatch);
  CHECK(error.detail == "certificate is for other.example.test, not imap.example.test");
}

TEST_CASE("a common name is not a host name") {
  const auto [error, facts] = refused("cn-only");
  CHECK(error.kind == ErrorKind::name_mismatch);
  CHECK(error.detail ==
        "certificate is for no host (no subjectAltName, only CN=imap.example.test), not imap.example.test");
  CHECK(refused("ip-only").error.kind == ErrorKind::name_mismatch);
}

TEST_CASE("a self-signed certificate is called that") {
  const auto [error, facts] = refused("self-signed");
  CHECK(error.kind == ErrorKind::self_signed);
  CHECK(error.detail == "certificate is self-signed (CN=imap.example.test)");
}

TEST_CASE("a self-signed certificate that is trusted by name of its file is good") {
  tls::ClientOptions options = trusting_options();
  options.ca_file = test_ca("self-signed.pem");
  TlsServer server({.certificate = "self-signed"});
  const auto client = make_client(options);
  CHECK(shake_hands(*client, server) == HandshakeStatus::done);
}

TEST_CASE("a chain without its intermediate is incomplete, one below an unknown root is untrusted") {
  CHECK(refused("no-intermediate").error.kind == ErrorKind::missing_intermediate);
  CHECK(refused("no-intermediate").error.detail.find("CN=Test Intermediate") != std::string::npos);
  CHECK(refused("unknown").error.kind == ErrorKind::untrusted);
  CHECK(refused("unknown").error.detail ==
        "intermediate CN=Other Intermediate is issued by CN=Other Root, which is not trusted here");
  CHECK(refused("unknown-root-sent").error.kind == ErrorKind::untrusted);
  CHECK(refused("unknown-root-sent").error.detail == "root CN=Other Root is not trusted here");
}

TEST_CASE("weak keys and digests are refused at the system's security level") {
  CHECK(refused("weak-key").error.kind == ErrorKind::weak_key);
  CHECK(refused("weak-key").error.detail == "certificate has a weak key (RSA 1024)");
  CHECK(refused("sha1-signed").error.kind == ErrorKind::weak_digest);
  CHECK(refused("sha1-signed").error.detail == "certificate is signed with a weak digest (ecdsa-with-SHA1)");
}

TEST_CASE("a client's certificate does not serve a server") {
  CHECK(refused("client").facts.faults.size() == 2);  // purpose and name
}

TEST_CASE("several faults are all told, the most telling first") {
  tls::ClientOptions options = trusting_options("c.test");
  const auto [error, facts] = refused("expired", options);
  CHECK(error.kind == ErrorKind::expired);
  CHECK(error.detail.find("certificate ended") == 0);
  CHECK(error.detail.find("; certificate is for imap.example.test, mail.example.test, localhost, 127.0.0.1, ::1, "
                          "not c.test") != std::string::npos);
  REQUIRE(facts.faults.size() == 2);
  CHECK(facts.faults[1].kind == ErrorKind::name_mismatch);
}

TEST_CASE("a reported verification goes on and keeps the faults") {
  tls::ClientOptions options = trusting_options("c.test");
  options.verification = tls::Verification::reported;
  TlsServer server({.certificate = "expired"});
  const auto client = make_client(options);
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  CHECK(client->facts().faults.size() == 2);
  REQUIRE(client->write("a1 NOOP\r\n").has_value());
  server.receive(client->take_output());
  CHECK(server.take_text() == "a1 NOOP\r\n");
}

TEST_CASE("a refused server is told goodbye, and never text") {
  TlsServer server({.certificate = "wrong-name"});
  const auto client = make_client();
  REQUIRE_FALSE(shake_hands(*client, server).has_value());
  CHECK(server.has_seen_close());
  CHECK(server.take_text().empty());
}

TEST_CASE("one good name of several is enough, hosts and addresses mixed") {
  CHECK(accepts("good", {"wrong.test", "imap.example.test"}));
  CHECK(accepts("good", {"wrong.test", "127.0.0.1"}));
  CHECK(accepts("ip-only", {"wrong.test", "::1"}));
  CHECK(accepts("good", {"IMAP.Example.TEST."}));
  CHECK_FALSE(accepts("good", {"wrong.test", "127.0.0.2"}));
}

TEST_CASE("addresses are compared as addresses, not as text") {
  CHECK(accepts("ip-only", {"0:0:0:0:0:0:0:1"}));
  CHECK_FALSE(accepts("ip-only", {"::2"}));
}

TEST_CASE("a wildcard is one whole label") {
  CHECK(accepts("wildcard", {"imap.example.test"}));
  CHECK_FALSE(accepts("wildcard", {"example.test"}));
  CHECK_FALSE(accepts("wildcard", {"a.b.example.test"}));
  CHECK_FALSE(accepts("partial-wildcard", {"imap.example.test"}));
}

TEST_CASE("without verify names the server's name is verified") {
  tls::ClientOptions options = trusting_options();
  options.verify_names.clear();
  CHECK(refused("wrong-name", options).error.kind == ErrorKind::name_mismatch);
}

TEST_CASE("a name that would match everything below it is refused at once") {
  const FakeClock clock;
  for (const char* name : {".example.test", ""}) {
    const auto client = tls::Client::make(trusting_options(name), clock);
    REQUIRE_FALSE(client.has_value());
    CHECK(client.error().kind == ErrorKind::local);
  }
}

TEST_CASE("a hashed directory verifies as a file does") {
  tls::ClientOptions options = trusting_options();
  options.ca_file.clear();
  options.ca_path = test_ca("ca-hashed");
  TlsServer server;
  const auto client = make_client(options);
  CHECK(shake_hands(*client, server) == HandshakeStatus::done);
}
