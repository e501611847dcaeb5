// The probe in a world of fakes: what its facts hold after good sessions and bad ones.
#include "probe/imap_login.h"

#include <algorithm>

#include "unit/probe/scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using probe::Encryption;
using probe::ImapStop;
using Texts = std::vector<std::string>;

TEST_CASE("a good session over TLS has all its facts") {
  Scene scene(PeerTls::implicit);
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n");
  const auto facts = scene.run(scene.request());
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.host == "imap.example.test");
  CHECK(facts.port == 993);
  CHECK(facts.address == "192.0.2.7");
  CHECK(facts.now == scene.clock.wall());
  CHECK(facts.greeting == "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello");
  CHECK_FALSE(facts.capabilities_before_tls.has_value());
  CHECK(facts.mechanism == "PLAIN");
  CHECK(facts.is_logged_in);
  CHECK_FALSE(facts.unfinished_step.has_value());
  CHECK_FALSE(facts.is_preauthenticated);
  REQUIRE(facts.mailbox);
  CHECK(facts.mailbox->messages == 12);
  CHECK(facts.mailbox->is_read_only);
  REQUIRE(facts.tls);
  CHECK(facts.tls->version == "TLSv1.3");
  CHECK(names(facts.steps) == Texts{"dns", "connect", "tls", "greeting", "auth", "capability", "select", "logout"});
  CHECK(facts.reply_code == "OK");
  CHECK(facts.dialogue.empty());
  CHECK(scene.peer.heard().back() == "LOGOUT");
}

TEST_CASE("a session with STARTTLS tells what was offered before and after") {
  Scene scene;
  scene.peer.on("AUTHENTICATE", "{tag} OK [CAPABILITY IMAP4rev1 QUOTA] in\r\n");
  auto request = scene.request(Encryption::starttls);
  const auto facts = scene.run(std::move(request));
  CHECK_FALSE(facts.error.has_value());
  REQUIRE(facts.capabilities_before_tls);
  CHECK(facts.capabilities_before_tls->back() == "STARTTLS");
  CHECK(facts.capabilities == Texts{"IMAP4rev1", "QUOTA"});
  CHECK(names(facts.steps) ==
        Texts{"dns", "connect", "greeting", "capability", "starttls", "tls", "auth", "select", "logout"});
}

TEST_CASE("a session ends after the step that was named, politely") {
  struct Row {
    ImapStop stop;
    Texts heard;
  };
  const auto row =
      GENERATE(values<Row>({{ImapStop::greeting, {"LOGOUT"}},
                            {ImapStop::tls, {"LOGOUT"}},
                            {ImapStop::capability, {"CAPABILITY", "LOGOUT"}},
                            {ImapStop::auth, {"CAPABILITY", "AUTHENTICATE", "CAPABILITY", "LOGOUT"}},
                            {ImapStop::select, {"CAPABILITY", "AUTHENTICATE", "CAPABILITY", "EXAMINE", "LOGOUT"}}}));
  Scene scene(PeerTls::implicit);
  auto request = scene.request();
  request.stop_after = row.stop;
  request.measure.unseen = true;
  const auto facts = scene.run(std::move(request));
  CHECK_FALSE(facts.error.has_value());
  CHECK(scene.heard_verbs() == row.heard);
  CHECK_FALSE(facts.unseen.has_value());
}

TEST_CASE("without credentials nobody logs in") {
  Scene scene(PeerTls::implicit);
  auto request = scene.request();
  request.credentials.reset();
  const auto facts = scene.run(std::move(request));
  CHECK_FALSE(facts.error.has_value());
  CHECK_FALSE(facts.mechanism.has_value());
  CHECK_FALSE(facts.mailbox.has_value());
  CHECK(scene.heard_verbs() == Texts{"CAPABILITY", "LOGOUT"});
}

TEST_CASE("a connection that is logged in already sends no credentials, and opens the mailbox inside TLS") {
  Scene scene(PeerTls::implicit);
  scene.peer.set_greeting("* PREAUTH hello\r\n");
  const auto facts = scene.run(scene.request());
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.is_preauthenticated);
  CHECK_FALSE(facts.mechanism.has_value());
  CHECK(facts.mailbox.has_value());
  CHECK(scene.heard_verbs() == Texts{"CAPABILITY", "EXAMINE", "LOGOUT"});
}

TEST_CASE("PREAUTH where STARTTLS should be ends the session") {
  Scene scene;
  scene.peer.set_greeting("* PREAUTH hello\r\n");
  const auto facts = scene.run(scene.request(Encryption::starttls));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == ErrorKind::preauth);
  CHECK(scene.heard_verbs() == Texts{"LOGOUT"});
}

TEST_CASE("a session that fails keeps the facts of its finished steps") {
  struct Row {
    std::string verb;  // whose answer is another
    std::string answer;
    ErrorKind kind;
    Stage stage;
    Texts steps;
  };
  const auto row = GENERATE(values<Row>({
      {"CAPABILITY",
       "{tag} BAD what\r\n",
       ErrorKind::command_refused,
       Stage::capability,
       {"dns", "connect", "tls", "greeting", "capability", "logout"}},
      {"CAPABILITY", "", ErrorKind::timeout, Stage::capability, {"dns", "connect", "tls", "greeting"}},
      {"CAPABILITY",
       "rubbish\r\n",
       ErrorKind::protocol_error,
       Stage::capability,
       {"dns", "connect", "tls", "greeting"}},
      {"AUTHENTICATE",
       "{tag} NO [AUTHENTICATIONFAILED] x\r\n",
       ErrorKind::auth_failed,
       Stage::auth,
       {"dns", "connect", "tls", "greeting", "capability", "auth", "logout"}},
      {"AUTHENTICATE",
       "{tag} NO [UNAVAILABLE] x\r\n",
       ErrorKind::auth_unavailable,
       Stage::auth,
       {"dns", "connect", "tls", "greeting", "capability", "auth", "logout"}},
      {"AUTHENTICATE", "", ErrorKind::timeout, Stage::auth, {"dns", "connect", "tls", "greeting", "capability"}},
      {"EXAMINE",
       "{tag} BAD User is authenticated but not connected.\r\n",
       ErrorKind::mailbox_unusable,
       Stage::select,
       {"dns", "connect", "tls", "greeting", "capability", "auth", "select", "logout"}},
      {"EXAMINE", "", ErrorKind::timeout, Stage::select, {"dns", "connect", "tls", "greeting", "capability", "auth"}},
      {"SEARCH",
       "{tag} NO no\r\n",
       ErrorKind::command_refused,
       Stage::search,
       {"dns", "connect", "tls", "greeting", "capability", "auth", "select", "search", "logout"}},
      {"SEARCH",
       "* SEARCH x\r\n{tag} OK\r\n",
       ErrorKind::protocol_error,
       Stage::search,
       {"dns", "connect", "tls", "greeting", "capability", "auth", "select"}},
  }));
  CAPTURE(row.verb, row.answer);
  Scene scene(PeerTls::implicit);
  scene.peer.set_end(MemoryEnd::silent);
  scene.peer.on(row.verb, row.answer);
  auto request = scene.request();
  request.measure.unseen = true;
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.error);
  CHECK(base::to_string(facts.error->kind) == base::to_string(row.kind));
  CHECK(facts.error->stage == row.stage);
  CHECK(names(facts.steps) == row.steps);
  CHECK(facts.tls.has_value());
  CHECK(facts.greeting == "* OK ready");
  // what was never answered in full is the step that has no time
  CHECK(facts.unfinished_step == (facts.error->is_answered ? std::optional<Stage>() : std::optional<Stage>(row.stage)));
}

TEST_CASE("the mechanism that was tried is known however the log in ended") {
  const std::string answer =
      GENERATE(as<std::string>{}, "{tag} NO [AUTHENTICATIONFAILED] x\r\n", "* BYE x\r\n", "rubbish\r\n", "");
  Scene scene(PeerTls::implicit);
  scene.peer.set_end(MemoryEnd::silent);
  scene.peer.on("AUTHENTICATE", answer);
  const auto facts = scene.run(scene.request());
  REQUIRE(facts.error);
  CHECK(facts.mechanism == "PLAIN");
  CHECK_FALSE(facts.is_logged_in);
}

TEST_CASE("without a mechanism that fits none was tried") {
  Scene scene(PeerTls::implicit);
  auto request = scene.request();
  request.mechanism = "CRAM-MD5";
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == ErrorKind::no_mechanism);
  CHECK_FALSE(facts.mechanism.has_value());
}

TEST_CASE("failures before the session leave what is known") {
  SECTION("no such name") {
    Scene scene;
    auto request = scene.request();
    request.target.host = "nowhere.example";
    const auto facts = scene.run(std::move(request));
    REQUIRE(facts.error);
    CHECK(facts.error->kind == ErrorKind::dns);
    CHECK(facts.host == "nowhere.example");
    CHECK(facts.address.empty());
    CHECK(facts.steps.empty());
  }
  SECTION("nobody answers") {
    Scene scene;
    scene.dialer.fail({.stage = Stage::connect, .kind = ErrorKind::connect, .detail = "connection refused"});
    const auto facts = scene.run(scene.request());
    REQUIRE(facts.error);
    CHECK(facts.error->kind == ErrorKind::connect);
    CHECK(names(facts.steps) == Texts{"dns"});
  }
  SECTION("an expired certificate") {
    Scene scene(PeerTls::implicit, {.certificate = "expired"});
    const auto facts = scene.run(scene.request());
    REQUIRE(facts.error);
    CHECK(facts.error->kind == ErrorKind::expired);
    REQUIRE(facts.tls);
    CHECK_FALSE(facts.tls->sent_chain.empty());
    CHECK(names(facts.steps) == Texts{"dns", "connect"});
    CHECK(scene.peer.heard().empty());
  }
  SECTION("the greeting turns us away") {
    Scene scene(PeerTls::implicit);
    scene.peer.set_greeting("* BYE [UNAVAILABLE] full\r\n");
    const auto facts = scene.run(scene.request());
    REQUIRE(facts.error);
    CHECK(facts.error->kind == ErrorKind::greeting);
    CHECK(facts.error->peer_code == "BYE [UNAVAILABLE]");
    CHECK(facts.greeting == "* BYE [UNAVAILABLE] full");
    CHECK(scene.peer.heard().empty());
  }
}

TEST_CASE("credentials do not go over a plain connection") {
  Scene scene;
  const auto facts = scene.run(scene.request(Encryption::none));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == ErrorKind::plaintext_auth_refused);
  CHECK(scene.heard_verbs() == Texts{"CAPABILITY", "LOGOUT"});
}

TEST_CASE("a fallback from a dead address is a fact") {
  Scene scene(PeerTls::implicit);
  scene.resolver.add("imap.example.test", {"192.0.2.8"});
  scene.dialer.fail_addresses(1, "no answer within 250 ms");
  const auto facts = scene.run(scene.request());
  CHECK(facts.address == "192.0.2.8");
  REQUIRE(facts.failed_addresses.size() == 1);
  CHECK(facts.failed_addresses[0].address == "192.0.2.7");
  CHECK(facts.failed_addresses[0].reason == "no answer within 250 ms");
}

TEST_CASE("a step that hangs leaves the reserve of the deadline unused") {
  struct Row {
    base::Duration timeout, spent;
  };
  const auto row = GENERATE(values<Row>({{10s, 8s}, {50s, 48s}, {5s, 4s}, {1s, 800ms}}));
  Scene scene(PeerTls::implicit);
  scene.peer.on("AUTHENTICATE", "");
  scene.peer.set_end(MemoryEnd::silent);
  auto request = scene.request();
  request.timeout = row.timeout;
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == ErrorKind::timeout);
  CHECK(facts.total == row.spent);
}

TEST_CASE("a good-bye that hangs, closes or is refused does not spoil a good session, nor its total") {
  struct Row {
    std::string answer;
    MemoryEnd end;
    base::Duration total;
  };
  const auto row = GENERATE(values<Row>({{"", MemoryEnd::silent, 0s},
                                         {"", MemoryEnd::closed, 0s},
                                         {"", MemoryEnd::reset, 0s},
                                         {"rubbish\r\n", MemoryEnd::silent, 0s},
                                         {"* BYE\r\n", MemoryEnd::closed, 300ms},
                                         {"{tag} BAD what\r\n", MemoryEnd::silent, 300ms}}));
  CAPTURE(row.answer);
  Scene scene(PeerTls::implicit);
  scene.peer.on("LOGOUT", row.answer, 300ms);
  scene.peer.set_end(row.end);
  const auto facts = scene.run(scene.request());
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.mailbox.has_value());
  CHECK(facts.total == row.total);
  CHECK(facts.unfinished_step.has_value() != (names(facts.steps).back() == "logout"));
}

TEST_CASE("the last reply before the good-bye is the one that is told") {
  Scene scene(PeerTls::implicit);
  scene.peer.on("EXAMINE", "{tag} NO [NONEXISTENT] no such thing\r\n");
  const auto facts = scene.run(scene.request());
  CHECK(facts.reply_code == "NO");
  CHECK(facts.reply_enhanced == "NONEXISTENT");
  CHECK(facts.reply_text == "no such thing");
}

TEST_CASE("the dialogue is recorded when it is asked for") {
  Scene scene(PeerTls::implicit);
  auto request = scene.request();
  request.recording = net::Recording::on;
  const auto facts = scene.run(std::move(request));
  const auto has = [&](std::string_view text) {
    return std::any_of(facts.dialogue.begin(), facts.dialogue.end(),
                       [&](const auto& line) { return line.find(text) != std::string::npos; });
  };
  CHECK(has("C: A2 AUTHENTICATE PLAIN ***"));
  CHECK(has("S: * OK ready"));
  CHECK(has("-- TLSv1.3"));
}

TEST_CASE("a deviation that was tolerated is a fact") {
  Scene scene(PeerTls::implicit);
  scene.peer.set_greeting("* OK [ALERT] read me\n");
  const auto facts = scene.run(scene.request());
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.quirks.size() == 1);
  CHECK(facts.alerts == Texts{"[ALERT] read me"});
}
