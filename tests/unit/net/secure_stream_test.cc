#include "net/secure_stream.h"

#include "support/fake_clock.h"
#include "support/memory_stream.h"
#include "support/tls_pair.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;

std::unique_ptr<tls::Client> make_client(const base::Clock& clock) {
  tls::ClientOptions options;
  options.server_name = "imap.example.test";
  options.verify_names = {"imap.example.test"};
  options.ca_file = test_ca("root.pem");
  auto client = tls::Client::make(options, clock);
  REQUIRE(client.has_value());
  return std::move(*client);
}

// A secure stream whose other end is a TLS server in memory that answers each write at once.
struct Wire {
  explicit Wire(const ServerSetup& setup = {}) : server(setup) {
    auto memory = std::make_unique<MemoryStream>();
    lower = memory.get();
    lower->set_clock(clock);
    lower->on_write([this](std::string_view bytes) {
      server.receive(bytes);
      lower->feed(server.take_output());
    });
    stream = std::make_unique<net::SecureStream>(std::move(memory), make_client(clock));
  }
  [[nodiscard]] base::Deadline deadline() const { return {clock, 10s}; }
  void say(std::string_view text) {
    server.write(text);
    lower->feed(server.take_output());
  }

  FakeClock clock;
  TlsServer server;
  MemoryStream* lower = nullptr;
  std::unique_ptr<net::SecureStream> stream;
};

// A stream whose other end plays these chunks instead of TLS.
struct Banner {
  Banner(std::deque<std::string> chunks, MemoryEnd end) {
    auto memory = std::make_unique<MemoryStream>(std::move(chunks), end);
    memory->set_clock(clock);
    written = memory->written();
    stream = std::make_unique<net::SecureStream>(std::move(memory), make_client(clock));
  }
  base::Error failure() {
    const auto shaken = stream->handshake({clock, 10s});
    REQUIRE_FALSE(shaken.has_value());
    CHECK(shaken.error().stage == base::Stage::tls);
    return shaken.error();
  }

  FakeClock clock;
  std::shared_ptr<const std::string> written;
  std::unique_ptr<net::SecureStream> stream;
};

}  // namespace

TEST_CASE("text passes through a secure stream both ways") {
  Wire wire;
  REQUIRE(wire.stream->handshake(wire.deadline()).has_value());
  CHECK(wire.stream->client().facts().version == "TLSv1.3");
  wire.say("* OK ready\r\n");
  std::array<char, 64> buffer{};
  const auto size = wire.stream->read(buffer, wire.deadline());
  REQUIRE(size.has_value());
  CHECK(std::string_view(buffer.data(), *size) == "* OK ready\r\n");
  REQUIRE(wire.stream->write("a1 LOGOUT\r\n", wire.deadline()).has_value());
  CHECK(wire.server.take_text() == "a1 LOGOUT\r\n");
  CHECK(wire.lower->written()->find("LOGOUT") == std::string::npos);
}

TEST_CASE("a buffer smaller than a record is filled again from the same record") {
  Wire wire;
  REQUIRE(wire.stream->handshake(wire.deadline()).has_value());
  wire.say("abcdef");
  std::array<char, 4> buffer{};
  CHECK(wire.stream->read(buffer, wire.deadline()) == std::size_t{4});
  CHECK(wire.stream->read(buffer, wire.deadline()) == std::size_t{2});
}

TEST_CASE("the end of the connection reads as zero bytes, with close_notify or without") {
  Wire wire;
  REQUIRE(wire.stream->handshake(wire.deadline()).has_value());
  if (GENERATE(0, 1) == 1) {
    wire.server.close();
    wire.lower->feed(wire.server.take_output());
  }
  std::array<char, 4> buffer{};
  CHECK(wire.stream->read(buffer, wire.deadline()) == std::size_t{0});
}

TEST_CASE("closing says close_notify") {
  Wire wire;
  REQUIRE(wire.stream->handshake(wire.deadline()).has_value());
  wire.stream->close(wire.deadline());
  CHECK(wire.server.has_seen_close());
}

TEST_CASE("a reset while reading is passed on as it is") {
  Wire wire;
  REQUIRE(wire.stream->handshake(wire.deadline()).has_value());
  wire.lower->set_end(MemoryEnd::reset);
  std::array<char, 4> buffer{};
  const auto size = wire.stream->read(buffer, wire.deadline());
  REQUIRE_FALSE(size.has_value());
  CHECK(size.error().kind == ErrorKind::connection_lost);
}

TEST_CASE("facts outlive a failed handshake, and no text was sent") {
  Wire wire({.certificate = "expired"});
  const auto shaken = wire.stream->handshake(wire.deadline());
  REQUIRE_FALSE(shaken.has_value());
  CHECK(shaken.error().kind == ErrorKind::expired);
  CHECK(wire.stream->client().facts().sent_chain.size() == 2);
  CHECK(wire.server.has_seen_close());
  CHECK_FALSE(wire.stream->write("secret", wire.deadline()).has_value());
}

TEST_CASE("our alert is sent before a broken handshake is given up") {
  Banner banner({std::string("\x16\x03\x03\x00\x04\x63\x00\x00\x00", 9)}, MemoryEnd::silent);
  CHECK(banner.failure().kind == ErrorKind::tls_handshake);
  const std::string& sent = *banner.written;
  REQUIRE(sent.size() > 7);
  CHECK(sent[sent.size() - 7] == 0x15);
}

TEST_CASE("a plain-text banner in pieces is read to the end of its line") {
  Banner banner({"*", " OK", " ready\r\n", "* more"}, MemoryEnd::silent);
  const auto error = banner.failure();
  CHECK(error.kind == ErrorKind::plain_text_on_tls_port);
  CHECK(error.peer_text == "* OK ready");
}

TEST_CASE("a plain-text banner that never ends costs half a second, not the deadline") {
  Banner banner({"who are you?"}, MemoryEnd::silent);
  const auto start = banner.clock.now();
  const auto error = banner.failure();
  CHECK(error.kind == ErrorKind::plain_text_on_tls_port);
  CHECK(error.peer_text == "who are you?");
  CHECK(banner.clock.now() - start == 500ms);
}

TEST_CASE("a server that says nothing is a timeout, one that hangs up is told as that") {
  CHECK(Banner({}, MemoryEnd::silent).failure().kind == ErrorKind::timeout);
  CHECK(Banner({}, MemoryEnd::reset).failure().kind == ErrorKind::connection_lost);
  CHECK(Banner({}, MemoryEnd::closed).failure().detail == "server closed the connection during the handshake");
}
