// A log in by SCRAM-SHA-256-PLUS, whole: a real TLS pair in memory, and a server that checks proof and channel binding
// by itself, after RFC 5802, RFC 5929 and RFC 9266.
#include <openssl/evp.h>

#include "base/base64.h"
#include "crypto/hmac.h"
#include "crypto/pbkdf2.h"
#include "unit/client/client_scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using crypto::Digest;

namespace {

std::string exporter_of(TlsServer& server) {
  std::array<unsigned char, 32> out{};
  const std::string_view label = "EXPORTER-Channel-Binding";
  REQUIRE(SSL_export_keying_material(server.session(), out.data(), out.size(), label.data(), label.size(), out.data(),
                                     0, 1) == 1);
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string end_point_of(TlsServer& server) {
  std::array<unsigned char, 32> out{};
  unsigned int size = 0;
  REQUIRE(X509_digest(SSL_get_certificate(server.session()), EVP_sha256(), out.data(), &size) == 1);
  return {reinterpret_cast<const char*>(out.data()), size};
}

// The value of an attribute of a SCRAM message, which is the last one or ends at a comma.
std::string attribute(const std::string& message, const std::string& name) {
  const std::size_t begin = ("," + message).find("," + name + "=");
  REQUIRE(begin != std::string::npos);
  const std::string value = message.substr(begin + 2);
  return value.substr(0, value.find(','));
}

std::string exclusive_or(std::string left, std::string_view right) {
  REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = static_cast<char>(left[i] ^ right[i]);
  return left;
}

std::string base64(std::string_view bytes) {
  return base::base64_encode(bytes);
}

// The server's side of one exchange.
class ScramServer {
 public:
  ScramServer(std::string header, std::string binding) : expected_binding_(std::move(header) + std::move(binding)) {}

  std::string first(const std::string& client_first) {
    bare_ = client_first.substr(client_first.find(",,") + 2);
    first_ = "r=" + attribute(bare_, "r") + "server,s=" + base64("salt and pepper") + ",i=4096";
    return first_;
  }
  // v=..., or nothing if the client has not proved what it should.
  [[nodiscard]] std::string final(const std::string& client_final) const {
    if (base::base64_decode(attribute(client_final, "c")) != expected_binding_) return {};
    const std::string message = bare_ + "," + first_ + "," + client_final.substr(0, client_final.find(",p="));
    const auto salted = crypto::pbkdf2(Digest::sha256, base::Secret("hunter2"), "salt and pepper", 4096);
    const auto client_key = crypto::hmac(Digest::sha256, salted->expose(), "Client Key");
    const auto stored_key = crypto::digest_of(Digest::sha256, client_key->expose());
    const auto signature = crypto::hmac(Digest::sha256, *stored_key, message);
    const auto proof = base::base64_decode(attribute(client_final, "p"));
    if (!proof || exclusive_or(*proof, signature->expose()) != client_key->expose()) return {};
    const auto server_key = crypto::hmac(Digest::sha256, salted->expose(), "Server Key");
    return "v=" + base64(crypto::hmac(Digest::sha256, server_key->expose(), message)->expose());
  }

 private:
  std::string expected_binding_;
  std::string bare_;
  std::string first_;
};

// Up to the server's first message; what comes after it is for the test to say.
void begin_exchange(ClientScene& scene, ScramServer& server) {
  offer(scene, "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=SCRAM-SHA-256 AUTH=SCRAM-SHA-256-PLUS");
  scene.peer.reply_to("AUTHENTICATE", [&server](const std::string& command) {
    const auto client_first = base::base64_decode(command.substr(command.rfind(' ') + 1));
    return "+ " + base64(server.first(client_first.value())) + "\r\n";
  });
  REQUIRE(scene.client.ask_capability().has_value());
}

void serve(ClientScene& scene, ScramServer& server) {
  begin_exchange(scene, server);
  scene.peer.then_reply([&server](const std::string& line) {
    const std::string last = server.final(base::base64_decode(line).value());
    return last.empty() ? "{tag} NO [AUTHENTICATIONFAILED] no proof\r\n" : "+ " + base64(last) + "\r\n";
  });
  scene.peer.then("{tag} OK in\r\n");
}

struct Version {
  int maximum;
  std::string header;
  std::string (*binding)(TlsServer&);
};

Version any_version() {
  return GENERATE(values<Version>(
      {{TLS1_3_VERSION, "p=tls-exporter,,", exporter_of}, {TLS1_2_VERSION, "p=tls-server-end-point,,", end_point_of}}));
}

}  // namespace

TEST_CASE("SCRAM-SHA-256-PLUS logs in over real TLS, bound to the connection") {
  const Version version = any_version();
  CAPTURE(version.header);
  ClientScene scene(PeerTls::implicit, {.maximum_version = version.maximum});
  scene.greet_in_tls();
  ScramServer server(version.header, version.binding(scene.peer.tls()));
  serve(scene, server);
  const auto done = scene.client.log_in(log_in(GENERATE(as<std::string>{}, "SCRAM-SHA-256-PLUS", "strongest")));
  CAPTURE(scene.shown());
  CHECK(done.has_value());
  CHECK(scene.client.mechanism() == "SCRAM-SHA-256-PLUS");
}

TEST_CASE("a server that sees another connection than the client refuses it: somebody is in between") {
  const Version version = any_version();
  ClientScene scene(PeerTls::implicit, {.maximum_version = version.maximum});
  scene.greet_in_tls();
  ScramServer server(version.header, std::string(32, 'x'));
  serve(scene, server);
  const auto done = scene.client.log_in(log_in("SCRAM-SHA-256-PLUS"));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::auth_failed);
  CHECK(done.error().peer_text == "no proof");
}

TEST_CASE("a server that knows the binding but not the password is not believed, and hears of it") {
  ClientScene scene(PeerTls::implicit);
  scene.greet_in_tls();
  ScramServer server("p=tls-exporter,,", exporter_of(scene.peer.tls()));
  begin_exchange(scene, server);
  scene.peer.then("+ " + base64("v=" + base64(std::string(32, 'x'))) + "\r\n");
  scene.peer.set_end(MemoryEnd::silent);  // the abort is never answered
  const auto done = scene.client.log_in(log_in("SCRAM-SHA-256-PLUS"));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::auth_failed);
  CHECK(done.error().detail == "SCRAM-SHA-256-PLUS: the server's proof is wrong: it does not know the password");
  CHECK(scene.peer.heard().back() == "*");
}
