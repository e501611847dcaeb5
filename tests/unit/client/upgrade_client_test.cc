#include "client/upgrade_client.h"

#include "unit/client/client_scene.h"
#include "unit/client/upgrade_peer.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using client::Protocol;
using Texts = std::vector<std::string>;

namespace {

struct Scene {
  explicit Scene(Protocol protocol, PeerTls tls = PeerTls::none, const ServerSetup& setup = {},
                 std::string hello_name = "client.example.test")
      : peer(clock, words_of(protocol), tls, setup), client(connection, protocol, std::move(hello_name), deadline()) {}

  [[nodiscard]] base::Deadline deadline(base::Duration from_now = 10s) const { return {clock, from_now}; }
  void connect() {
    dialer.add(peer.take_stream());
    REQUIRE(connection.prepare_tls(trusting()).has_value());
    REQUIRE(connection.open({.host = "192.0.2.7", .port = 143}, deadline()).has_value());
  }
  // The error of upgrade(), which must fail.
  base::Error failure() {
    connect();
    const auto upgraded = client.upgrade();
    REQUIRE_FALSE(upgraded.has_value());
    return upgraded.error();
  }
  // Finished ones with their milliseconds, "greeting 0 ehlo 200", but for connect.
  [[nodiscard]] std::string steps() const {
    std::string text;
    for (const auto& step : timeline.steps()) {
      if (step.stage == Stage::connect) continue;
      if (!text.empty()) text += " ";
      text += std::string(base::to_string(step.stage)) + " " + std::to_string(step.duration / 1ms);
    }
    return text;
  }

  FakeClock clock;
  UpgradePeer peer;
  FakeResolver resolver;
  FakeDialer dialer;
  base::Mask mask;
  base::Timeline timeline{clock};
  net::Transcript transcript{clock, mask};
  client::Connection connection{{clock, resolver, dialer, timeline, transcript}};
  client::UpgradeClient client;
};

Protocol any_protocol() {
  return GENERATE(Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3, Protocol::sieve);
}

// What a demand for a certificate does to those who have none.
const ServerSetup kDemanding{.client_ca = "root.pem"};

}  // namespace

TEST_CASE("every protocol is upgraded, and left over TLS") {
  struct Row {
    Protocol protocol;
    std::string greeting;
    Texts capabilities;
    Texts heard;
    std::string steps;
    std::string code, enhanced, text;  // of what the server said last
  };
  const auto row = GENERATE(values<Row>({
      {Protocol::smtp,
       "mail.example.test ESMTP",
       {"SIZE 1000", "STARTTLS"},
       {"EHLO client.example.test", "STARTTLS", "TLS: EHLO client.example.test", "TLS: QUIT"},
       "greeting 0 ehlo 0 starttls 30 tls 0 quit 0",
       "250",
       "",
       "mail.example.test AUTH PLAIN"},
      {Protocol::lmtp,
       "mail.example.test LMTP",
       {"SIZE 1000", "STARTTLS"},
       {"LHLO client.example.test", "STARTTLS", "TLS: LHLO client.example.test", "TLS: QUIT"},
       "greeting 0 ehlo 0 starttls 30 tls 0 quit 0",
       "250",
       "",
       "mail.example.test AUTH PLAIN"},
      {Protocol::imap,
       "* OK ready",
       {"IMAP4rev1", "STARTTLS"},
       {"CAPABILITY", "STARTTLS", "TLS: CAPABILITY", "TLS: LOGOUT"},
       "greeting 0 capability 0 starttls 30 tls 0 logout 0",
       "OK",
       "",
       "listed"},
      {Protocol::pop3,
       "ready",
       {"TOP", "STLS"},
       {"CAPA", "STLS", "TLS: CAPA", "TLS: QUIT"},
       "greeting 0 capability 0 starttls 30 tls 0 quit 0",
       "+OK",
       "",
       "listed"},
      {Protocol::sieve,
       "ready",
       {"SASL ", "STARTTLS"},
       {"STARTTLS", "TLS: LOGOUT"},
       "greeting 0 starttls 30 tls 0 logout 0",
       "OK",
       "",
       "begin"},
  }));
  CAPTURE(client::to_string(row.protocol));
  Scene scene(row.protocol);
  const UpgradeWords words = words_of(row.protocol);
  scene.peer.on(words.starttls, words.go_ahead, 30ms);
  scene.connect();
  CHECK_FALSE(scene.client.greeting_text().has_value());
  CHECK(scene.client.reply_code().empty());
  REQUIRE(scene.client.upgrade().has_value());
  CHECK(scene.connection.is_secure());
  CHECK(scene.client.greeting_text() == row.greeting);
  CHECK(scene.client.capabilities() == row.capabilities);
  CHECK(scene.client.reply_code() == row.code);
  CHECK(scene.client.reply_enhanced() == row.enhanced);
  CHECK(scene.client.reply_text() == row.text);
  CHECK(scene.client.leave(scene.deadline(2s)).has_value());
  CHECK(scene.peer.heard() == row.heard);
  CHECK(scene.peer.has_seen_close());
  CHECK(scene.steps() == row.steps);
}

TEST_CASE("each protocol has its name") {
  CHECK(client::to_string(Protocol::smtp) == "smtp");
  CHECK(client::to_string(Protocol::lmtp) == "lmtp");
  CHECK(client::to_string(Protocol::imap) == "imap");
  CHECK(client::to_string(Protocol::pop3) == "pop3");
  CHECK(client::to_string(Protocol::sieve) == "sieve");
}

TEST_CASE("each delay makes its own step longer, and no other step") {
  struct Row {
    Protocol protocol;
    std::string verb, steps;
    bool is_inside = false;
  };
  const auto row = GENERATE(values<Row>({
      {Protocol::smtp, "", "greeting 200 ehlo 0 starttls 0 tls 0 quit 0"},
      {Protocol::smtp, "EHLO", "greeting 0 ehlo 200 starttls 0 tls 0 quit 0", true},
      {Protocol::smtp, "EHLO", "greeting 0 ehlo 200 starttls 0 tls 0 quit 0"},
      {Protocol::smtp, "QUIT", "greeting 0 ehlo 0 starttls 0 tls 0 quit 200"},
      {Protocol::imap, "CAPABILITY", "greeting 0 capability 200 starttls 0 tls 0 logout 0"},
      {Protocol::pop3, "CAPA", "greeting 0 capability 200 starttls 0 tls 0 quit 0"},
      {Protocol::pop3, "CAPA", "greeting 0 capability 200 starttls 0 tls 0 quit 0", true},
      {Protocol::sieve, "", "greeting 200 starttls 0 tls 0 logout 0"},
      {Protocol::sieve, "LOGOUT", "greeting 0 starttls 0 tls 0 logout 200"},
  }));
  CAPTURE(client::to_string(row.protocol), row.verb, row.is_inside);
  Scene scene(row.protocol);
  const UpgradeWords words = words_of(row.protocol);
  if (row.verb.empty()) {
    scene.peer.set_greeting(words.greeting, 200ms);
  } else if (row.is_inside) {
    scene.peer.on_inside(row.verb, words.list_inside, 200ms);
  } else {
    scene.peer.on(row.verb, row.verb == words.leave ? words.good_bye : words.list, 200ms);
  }
  scene.connect();
  REQUIRE(scene.client.upgrade().has_value());
  REQUIRE(scene.client.leave(scene.deadline(2s)).has_value());
  CHECK(scene.steps() == row.steps);
}

TEST_CASE("STARTTLS that is not offered is not asked for") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol);
  scene.peer.on("EHLO", "250 mail.example.test\r\n");
  scene.peer.on("LHLO", "250 mail.example.test\r\n");
  scene.peer.on("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n");
  scene.peer.on("CAPA", "+OK\r\nTOP\r\n.\r\n");
  if (protocol == Protocol::sieve) scene.peer.set_greeting("\"SASL\" \"PLAIN\"\r\nOK\r\n");
  const base::Error error = scene.failure();
  CHECK(error.kind == ErrorKind::starttls_absent);
  CHECK(error.stage == Stage::starttls);
  CHECK(error.detail == "STARTTLS is not offered");
  CHECK_FALSE(scene.timeline.unfinished().has_value());
  const Texts heard = scene.peer.heard();
  CHECK(heard.size() == (protocol == Protocol::sieve ? 0 : 1));
  CHECK_FALSE(scene.connection.is_secure());
  CHECK(scene.client.leave(scene.deadline(2s)).has_value());
  CHECK(scene.peer.heard().size() == heard.size() + 1);
}

TEST_CASE("STARTTLS that is refused is told in the server's words") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol);
  scene.peer.refuse_starttls();
  const base::Error error = scene.failure();
  CHECK(error.kind == ErrorKind::starttls_refused);
  CHECK(error.stage == Stage::starttls);
  CHECK(error.peer_text.find("TLS not available") != std::string::npos);
  CHECK_FALSE(error.peer_code.empty());
  CHECK(error.is_answered);
  CHECK(scene.client.reply_text() == "TLS not available");
  const std::map<Protocol, std::pair<std::string, std::string>> codes{{Protocol::smtp, {"454", "4.7.0"}},
                                                                      {Protocol::lmtp, {"454", "4.7.0"}},
                                                                      {Protocol::imap, {"NO", "UNAVAILABLE"}},
                                                                      {Protocol::pop3, {"-ERR", "SYS/TEMP"}},
                                                                      {Protocol::sieve, {"NO", "TRYLATER"}}};
  CHECK(scene.client.reply_code() == codes.at(protocol).first);
  CHECK(scene.client.reply_enhanced() == codes.at(protocol).second);
  CHECK_FALSE(scene.connection.is_secure());
}

TEST_CASE("plain text behind the go-ahead is refused, with it or after it") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol);
  const UpgradeWords words = words_of(protocol);
  SECTION("in one piece") {
    scene.peer.on(words.starttls, words.go_ahead + "injected\r\n");
    const base::Error error = scene.failure();
    CHECK(error.kind == ErrorKind::starttls_injected);
    CHECK(error.stage == Stage::starttls);
    CHECK(error.peer_text == "injected\r\n");
  }
  SECTION("before the server's hello") {
    auto injecting = std::make_unique<MemoryStream>();
    MemoryStream* stream = injecting.get();
    stream->feed(words.greeting);
    stream->on_write([&](std::string_view bytes) {
      const bool is_starttls = bytes.find(words.starttls) != std::string_view::npos;
      std::string answer = is_starttls ? words.go_ahead : words.list;
      if (const auto at = answer.find("{tag}"); at != std::string::npos) answer.replace(at, 5, bytes.substr(0, 2));
      stream->feed(answer);
      if (is_starttls) stream->feed("injected\r\n");
    });
    scene.dialer.add(std::move(injecting));
    const base::Error error = scene.failure();
    CHECK(error.kind == ErrorKind::starttls_injected);
    CHECK(error.stage == Stage::tls);
    CHECK(error.peer_text == "injected");
  }
  const auto facts = scene.connection.tls_facts();
  CHECK((!facts || facts->sent_chain.empty()));
}

TEST_CASE("a handshake that fails is told as such") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol, PeerTls::none, {.certificate = "expired"});
  const base::Error error = scene.failure();
  CHECK(error.kind == ErrorKind::expired);
  CHECK(error.stage == Stage::tls);
}

TEST_CASE("over TLS from the first byte there is a greeting, and nothing is asked") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol, PeerTls::implicit);
  scene.connect();
  REQUIRE(scene.connection.secure(client::Upgrade::implicit, scene.deadline()).has_value());
  REQUIRE(scene.client.greeting().has_value());
  CHECK(scene.client.greeting_text().has_value());
  CHECK(scene.client.capabilities().empty());
  CHECK(scene.peer.heard().empty());
  CHECK(scene.client.leave(scene.deadline(2s)).has_value());
  CHECK(scene.peer.heard() == Texts{"TLS: " + words_of(protocol).leave});
}

TEST_CASE("a server that refuses a missing client certificate says so with the first words inside TLS") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol, PeerTls::none, kDemanding);
  scene.connect();
  const auto upgraded = scene.client.upgrade();
  CHECK(upgraded.has_value() == (protocol == Protocol::sieve));
  const auto left = upgraded ? scene.client.leave(scene.deadline(2s)) : upgraded;
  REQUIRE_FALSE(left.has_value());
  CHECK(left.error().kind == ErrorKind::tls_handshake);
  CHECK(left.error().detail == "server demands a client certificate (alert 116)");
}

TEST_CASE("an alert is read though the server does not take our words any more") {
  // A stream below TLS that takes so many writes and no more, but still has something to read.
  class Deaf : public net::Stream {
   public:
    Deaf(std::unique_ptr<net::Stream> lower, int writes) : lower_(std::move(lower)), writes_(writes) {}
    base::Result<std::size_t> read(std::span<char> buffer, base::Deadline deadline) override {
      return lower_->read(buffer, deadline);
    }
    base::Result<void> write(std::string_view bytes, base::Deadline deadline) override {
      if (writes_-- > 0) return lower_->write(bytes, deadline);
      return base::fail({Stage::connect, ErrorKind::connection_lost, "the server closed the connection"});
    }

   private:
    std::unique_ptr<net::Stream> lower_;
    int writes_;
  };
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol, PeerTls::none, kDemanding);
  const int own_commands = words_of(protocol).listing.empty() ? 1 : 2;
  scene.dialer.add(std::make_unique<Deaf>(scene.peer.take_stream(), own_commands + 2));  // and the handshake
  REQUIRE(scene.connection.prepare_tls(trusting()).has_value());
  REQUIRE(scene.connection.open({.host = "192.0.2.7", .port = 143}, scene.deadline()).has_value());
  const auto upgraded = scene.client.upgrade();
  CHECK(scene.connection.is_secure());
  CHECK(upgraded.has_value() == (protocol == Protocol::sieve));
  const auto left = upgraded ? scene.client.leave(scene.deadline(2s)) : upgraded;
  REQUIRE_FALSE(left.has_value());
  CHECK(left.error().detail == "server demands a client certificate (alert 116)");
}

TEST_CASE("a session that dies inside TLS is no good one") {
  struct Row {
    std::string said;
    MemoryEnd end;
    ErrorKind kind;
  };
  const Protocol protocol = any_protocol();
  const auto row = GENERATE(values<Row>({
      {"", MemoryEnd::closed, ErrorKind::connection_lost},
      {"", MemoryEnd::reset, ErrorKind::connection_lost},
      {"", MemoryEnd::silent, ErrorKind::timeout},
      {"what?\r\n", MemoryEnd::silent, ErrorKind::protocol_error},
  }));
  CAPTURE(client::to_string(protocol), row.said, int(row.end));
  Scene scene(protocol);
  const UpgradeWords words = words_of(protocol);
  const bool is_told_unasked = words.listing.empty();  // so that only the good-bye shows it
  scene.peer.on_inside(is_told_unasked ? words.leave : words.listing, row.said);
  scene.peer.set_end(row.end);
  scene.connect();
  const auto upgraded = scene.client.upgrade();
  CHECK(upgraded.has_value() == is_told_unasked);
  const auto ended = upgraded ? scene.client.leave(scene.deadline(2s)) : upgraded;
  REQUIRE_FALSE(ended.has_value());
  CHECK(base::to_string(ended.error().kind) == base::to_string(row.kind));
  const Stage asked = words.listing.ends_with("LO") ? Stage::ehlo : Stage::capability;
  CHECK(ended.error().stage == (is_told_unasked ? Stage::logout : asked));
  CHECK(scene.client.capabilities().size() == 2);  // those before TLS
}

TEST_CASE("a server that refuses the second EHLO is told in its own words") {
  Scene scene(Protocol::smtp);
  scene.peer.on_inside("EHLO", "451 4.7.1 Greylisted, try again later\r\n");
  const base::Error error = scene.failure();
  CHECK(error.kind == ErrorKind::greylisted);
  CHECK(error.stage == Stage::ehlo);
  CHECK(scene.connection.is_secure());
}

TEST_CASE("nothing else about a good-bye is of concern") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  const bool is_proven_by_greeting = protocol == Protocol::sieve;  // it says nothing else inside TLS
  Scene scene(protocol, is_proven_by_greeting ? PeerTls::implicit : PeerTls::none);
  const std::string leave = words_of(protocol).leave;
  const base::TimePoint start = scene.clock.now();
  SECTION("the server closes") {
    scene.peer.on(leave, "");
  }
  SECTION("the server talks nonsense") {
    scene.peer.on(leave, "what?\r\n");
  }
  SECTION("the server is silent") {
    scene.peer.on(leave, "");
    scene.peer.set_end(MemoryEnd::silent);
  }
  SECTION("the connection is reset") {
    scene.peer.on(leave, "");
    scene.peer.set_end(MemoryEnd::reset);
  }
  scene.connect();
  if (is_proven_by_greeting) {
    REQUIRE(scene.connection.secure(client::Upgrade::implicit, scene.deadline()).has_value());
    REQUIRE(scene.client.greeting().has_value());
  } else {
    REQUIRE(scene.client.upgrade().has_value());
  }
  CHECK(scene.client.leave(scene.deadline(2s)).has_value());
  CHECK(scene.clock.now() - start <= 2s);
}

TEST_CASE("a server that has closed is not told good-bye") {
  struct Row {
    Protocol protocol;
    std::string greeting;
    ErrorKind kind;
  };
  const auto row = GENERATE(values<Row>({
      {Protocol::smtp, "421 4.3.2 closing\r\n", ErrorKind::service_closing},
      {Protocol::imap, "* BYE busy\r\n", ErrorKind::greeting},
      {Protocol::sieve, "BYE (TRYLATER) \"busy\"\r\n", ErrorKind::greeting},
      {Protocol::pop3, "", ErrorKind::greeting},
  }));
  CAPTURE(client::to_string(row.protocol));
  Scene scene(row.protocol);
  scene.peer.set_greeting(row.greeting);
  CHECK(scene.failure().kind == row.kind);
  CHECK(scene.client.leave(scene.deadline(2s)).has_value());
  CHECK(scene.peer.heard().empty());
}

TEST_CASE("a greeting that is refused keeps what the session says of it") {
  struct Row {
    Protocol protocol;
    std::string greeting;
    ErrorKind kind;
    std::string peer_code;
  };
  const auto row = GENERATE(values<Row>({
      {Protocol::smtp, "554 5.7.1 blocked using zen.spamhaus.org\r\n", ErrorKind::blocklisted, "554 5.7.1"},
      {Protocol::lmtp, "421 4.7.0 unusual rate\r\n", ErrorKind::rate_limited, "421 4.7.0"},
      {Protocol::smtp, "554 no service\r\n", ErrorKind::greeting, "554"},
      {Protocol::pop3, "-ERR [IN-USE] no\r\n", ErrorKind::greeting, "-ERR [IN-USE]"},
      {Protocol::imap, "+OK POP3 ready\r\n", ErrorKind::greeting, ""},
      {Protocol::sieve, "220 mail ESMTP\r\n", ErrorKind::greeting, ""},
  }));
  CAPTURE(row.greeting);
  Scene scene(row.protocol);
  scene.peer.set_greeting(row.greeting);
  const base::Error error = scene.failure();
  CHECK(error.kind == row.kind);
  CHECK(error.stage == Stage::greeting);
  CHECK(error.peer_code == row.peer_code);
  CHECK(scene.peer.heard().empty());
}

TEST_CASE("TLS on a plain port is told as such") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  const std::string alert = GENERATE(as<std::string>{}, "\x15\x03\x01", "\x15\x03\x03\n\n");
  Scene scene(protocol);
  scene.peer.set_greeting(alert);
  const base::Error error = scene.failure();
  CHECK(error.kind == ErrorKind::tls_on_plain_port);
  CHECK(error.stage == Stage::greeting);
}

TEST_CASE("inside TLS the same bytes are only a strange greeting") {
  Scene scene(Protocol::pop3, PeerTls::implicit);
  scene.peer.set_greeting("\x15\x03\x03\n\n");
  scene.connect();
  REQUIRE(scene.connection.secure(client::Upgrade::implicit, scene.deadline()).has_value());
  const auto greeted = scene.client.greeting();
  REQUIRE_FALSE(greeted.has_value());
  CHECK(greeted.error().kind == ErrorKind::greeting);
}

TEST_CASE("PREAUTH on a plain connection makes STARTTLS impossible, in TLS it is nothing") {
  Scene plain(Protocol::imap);
  plain.peer.set_greeting("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n");
  const base::Error error = plain.failure();
  CHECK(error.kind == ErrorKind::preauth);
  CHECK(error.stage == Stage::starttls);
  CHECK(error.peer_text == "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome");
  CHECK(plain.peer.heard().empty());

  Scene secure(Protocol::imap, PeerTls::implicit);
  secure.peer.set_greeting("* PREAUTH welcome\r\n");
  secure.connect();
  REQUIRE(secure.connection.secure(client::Upgrade::implicit, secure.deadline()).has_value());
  CHECK(secure.client.greeting().has_value());
}

TEST_CASE("a POP3 server that does not know CAPA is asked for STLS all the same") {
  Scene scene(Protocol::pop3);
  scene.peer.on("CAPA", "-ERR unknown command\r\n");
  scene.connect();
  scene.peer.on_inside("CAPA", "-ERR unknown command\r\n");
  REQUIRE(scene.client.upgrade().has_value());
  CHECK(scene.peer.heard() == Texts{"CAPA", "STLS", "TLS: CAPA"});
  CHECK(scene.client.capabilities().empty());
}

TEST_CASE("an EHLO that is refused ends the session in the server's words") {
  Scene scene(Protocol::smtp);
  scene.peer.on("EHLO", "550 5.7.1 your name is not welcome\r\n");
  const base::Error error = scene.failure();
  CHECK(error.stage == Stage::ehlo);
  CHECK(error.peer_code == "550 5.7.1");
  CHECK(error.is_answered);
  CHECK(scene.client.reply_code() == "550");
}

TEST_CASE("who has no name says its address") {
  struct Row {
    std::string local, said;
  };
  const auto row = GENERATE(values<Row>({
      {"192.0.2.99", "EHLO [192.0.2.99]"},
      {"2001:db8::99", "EHLO [IPv6:2001:db8::99]"},
      {"", "EHLO localhost"},
  }));
  Scene scene(Protocol::smtp, PeerTls::none, {}, "");
  if (!row.local.empty()) scene.dialer.set_local({*dns::Address::parse(row.local), 40000});
  scene.connect();
  REQUIRE(scene.client.upgrade().has_value());
  CHECK(scene.peer.heard()[0] == row.said);
}

TEST_CASE("a server that hangs is a timeout at its step, which has no duration") {
  const Protocol protocol = any_protocol();
  CAPTURE(client::to_string(protocol));
  Scene scene(protocol);
  const std::string starttls = words_of(protocol).starttls;
  scene.peer.on(starttls, "");
  scene.peer.set_end(MemoryEnd::silent);
  const base::Error error = scene.failure();
  CHECK(error.kind == ErrorKind::timeout);
  CHECK(error.stage == Stage::starttls);
  CHECK(scene.timeline.unfinished() == Stage::starttls);
  CHECK(scene.steps().find("starttls") == std::string::npos);
}
