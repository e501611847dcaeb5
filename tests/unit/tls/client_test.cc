#include "tls/client.h"

#include "client_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using tls::HandshakeStatus;
using tls::ReadStatus;

base::Error failure(tls::Client& client, TlsServer& server) {
  const auto status = shake_hands(client, server);
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().stage == base::Stage::tls);
  return status.error();
}

// The error after these bytes came in place of a server's answer.
base::Error failure_on(std::string_view answer) {
  const auto client = make_client();
  REQUIRE(client->handshake() == HandshakeStatus::need_more);
  client->receive(answer);
  const auto status = client->handshake();
  REQUIRE_FALSE(status.has_value());
  return status.error();
}

std::string read_all(tls::Client& client) {
  std::string text;
  std::array<char, 7> buffer{};
  for (auto result = client.read(buffer); result && result->status == ReadStatus::bytes; result = client.read(buffer)) {
    text.append(buffer.data(), result->size);
  }
  return text;
}

}  // namespace

TEST_CASE("a good server is trusted and text passes both ways") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsServer server({.maximum_version = version});
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  CHECK(client->facts().faults.empty());
  CHECK(client->facts().version == (version == TLS1_3_VERSION ? "TLSv1.3" : "TLSv1.2"));
  CHECK(client->facts().group == "X25519");
  CHECK_FALSE(client->facts().cipher.empty());
  CHECK(client->facts().sent_chain.size() == 2);
  CHECK(client->facts().verified_chain.size() == 3);
  server.write("* OK ready\r\n");
  client->receive(server.take_output());
  CHECK(read_all(*client) == "* OK ready\r\n");
  REQUIRE(client->write("a1 NOOP\r\n").has_value());
  server.receive(client->take_output());
  CHECK(server.take_text() == "a1 NOOP\r\n");
}

TEST_CASE("delivery byte by byte makes no difference") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsServer server({.maximum_version = version});
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server, 1) == HandshakeStatus::done);
  server.write("hello");
  const std::string bytes = server.take_output();
  std::string text;
  for (const char byte : bytes) {
    client->receive({&byte, 1});
    text += read_all(*client);
  }
  CHECK(text == "hello");
}

TEST_CASE("a large text passes whole") {
  TlsServer server;
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  const std::string large(100000, 'x');
  REQUIRE(client->write(large).has_value());
  server.receive(client->take_output());
  CHECK(server.take_text() == large);
}

TEST_CASE("SNI is sent for names, without a trailing dot, and never for addresses") {
  const auto seen = [](const std::string& name) {
    tls::ClientOptions options = trusting_options();
    options.server_name = name;
    TlsServer server;
    const auto client = make_client(options);
    (void)shake_hands(*client, server);
    return server.server_name();
  };
  CHECK(seen("imap.example.test") == "imap.example.test");
  CHECK(seen("imap.example.test.") == "imap.example.test");
  CHECK(seen("b\xc3\xbc"
             "cher.test") == "xn--bcher-kva.test");
  CHECK(seen("127.0.0.1").empty());
  CHECK(seen("::1").empty());
}

TEST_CASE("a banner on a TLS port is plain text, and its first line is kept") {
  const auto error = failure_on("220 mail.example.test ESMTP\r\n250 more\r\n");
  CHECK(error.kind == ErrorKind::plain_text_on_tls_port);
  CHECK(error.peer_text == "220 mail.example.test ESMTP");
  CHECK(failure_on("\x16Xnot a record\n").kind == ErrorKind::plain_text_on_tls_port);
  CHECK(failure_on(std::string(5000, 'y')).peer_text == std::string(200, 'y'));
}

TEST_CASE("a banner in pieces is waited for until its line ends or the server closes") {
  const auto client = make_client();
  for (const char byte : std::string("* OK hi")) {
    client->receive({&byte, 1});
    REQUIRE(client->handshake() == HandshakeStatus::need_more);
    CHECK(client->is_plain_text());
  }
  SECTION("the line ends") {
    client->receive("\r\n");
  }
  SECTION("the server closes") {
    client->receive_end();
  }
  const auto status = client->handshake();
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().kind == ErrorKind::plain_text_on_tls_port);
  CHECK(status.error().peer_text == "* OK hi");
}

TEST_CASE("a server that closes instead of answering is told as that") {
  const std::string answer = GENERATE(std::string(), std::string("\x16"), std::string("\x16\x03\x03"));
  const auto client = make_client();
  REQUIRE(client->handshake() == HandshakeStatus::need_more);
  client->receive(answer);
  client->receive_end();
  const auto status = client->handshake();
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().kind == ErrorKind::tls_handshake);
  CHECK(status.error().detail == "server closed the connection during the handshake");
}

TEST_CASE("a failed handshake stays failed") {
  const auto client = make_client();
  client->receive_end();
  REQUIRE_FALSE(client->handshake().has_value());
  client->receive("anything");
  CHECK_FALSE(client->handshake().has_value());
  std::array<char, 4> buffer{};
  CHECK_FALSE(client->read(buffer).has_value());
  CHECK_FALSE(client->write("secret").has_value());
  CHECK_FALSE(client->channel_binding().has_value());
}

TEST_CASE("nothing is written or read before the handshake is done") {
  const auto client = make_client();
  std::array<char, 4> buffer{};
  CHECK_FALSE(client->read(buffer).has_value());
  CHECK_FALSE(client->write("secret").has_value());
}

TEST_CASE("a server's alert is told in words") {
  CHECK(failure_on(std::string("\x15\x03\x03\x00\x02\x02\x28", 7)).detail.find("(alert 40)") != std::string::npos);
  CHECK(failure_on(std::string("\x15\x03\x03\x00\x02\x02\x70", 7)).detail.find("alert 112, SNI") != std::string::npos);
}

TEST_CASE("a server without a cipher suite in common refuses with alert 40") {
  TlsServer server({.maximum_version = TLS1_2_VERSION, .ciphers = "aRSA:@SECLEVEL=0"});  // its key is EC
  const auto client = make_client();
  const auto error = failure(*client, server);
  CHECK(error.kind == ErrorKind::tls_handshake);
  CHECK(error.detail.find("alert 40") != std::string::npos);
}

TEST_CASE("a server below the minimum version is an old protocol") {
  const auto client = make_client();
  TlsServer server({.maximum_version = TLS1_1_VERSION});
  const auto error = failure(*client, server);
  CHECK(error.kind == ErrorKind::old_protocol);
  CHECK(error.detail.find("server speaks no TLS 1.2 or newer") == 0);
}

TEST_CASE("the minimum version can be raised") {
  tls::ClientOptions options = trusting_options();
  options.minimum_version = tls::Version::tls1_3;
  TlsServer server({.maximum_version = TLS1_2_VERSION});
  const auto client = make_client(options);
  const auto error = failure(*client, server);
  CHECK(error.kind == ErrorKind::old_protocol);
  CHECK(error.detail.find("server speaks no TLS 1.3 or newer") == 0);
}

TEST_CASE("a lowered minimum version meets the system's security level, and the words say so") {
  tls::ClientOptions options = trusting_options();
  options.minimum_version = tls::Version::tls1_0;
  TlsServer server({.maximum_version = TLS1_VERSION});
  const auto client = make_client(options);
  CHECK(failure(*client, server).kind == ErrorKind::old_protocol);
}

TEST_CASE("a handshake without end is refused") {
  std::string endless("\x16\x03\x03", 3);
  endless.resize(257 * 1024);
  const auto error = failure_on(endless);
  CHECK(error.kind == ErrorKind::tls_handshake);
  CHECK(error.detail.find("256 KiB") != std::string::npos);
}

TEST_CASE("close_notify and the bare end of the connection both close") {
  TlsServer server;
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  server.write("bye");
  std::array<char, 16> buffer{};
  SECTION("close_notify") {
    server.close();
    client->receive(server.take_output());
  }
  SECTION("the bare end") {
    client->receive(server.take_output());
    client->receive_end();
  }
  CHECK(read_all(*client) == "bye");
  for (int i = 0; i < 2; ++i) {
    const auto result = client->read(buffer);
    REQUIRE(result.has_value());
    CHECK(result->status == ReadStatus::closed);
  }
}

TEST_CASE("writing after the bare end is a lost connection") {
  TlsServer server;
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  client->receive(server.take_output());
  client->receive_end();
  std::array<char, 16> buffer{};
  REQUIRE(client->read(buffer).has_value());
  const auto written = client->write("a1 LOGOUT\r\n");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().kind == ErrorKind::connection_lost);
}

TEST_CASE("a broken record after the handshake is a protocol error") {
  TlsServer server;
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  server.write("text");
  std::string bytes = server.take_output();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  client->receive(bytes);
  (void)read_all(*client);
  std::array<char, 16> buffer{};
  const auto result = client->read(buffer);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::protocol_error);
}

TEST_CASE("shutting down says close_notify") {
  TlsServer server;
  const auto client = make_client();
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  client->shut_down();
  server.receive(client->take_output());
  CHECK(server.has_seen_close());
}
