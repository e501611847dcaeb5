#include "client/imap_client.h"

#include <algorithm>

#include "base/base64.h"
#include "unit/client/client_scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using client::PlainTextAuth;
using Texts = std::vector<std::string>;
using Scene = ClientScene;

TEST_CASE("each delay makes its own step longer, and no other") {
  const Stage slow = GENERATE(Stage::greeting, Stage::capability, Stage::auth, Stage::select, Stage::list,
                              Stage::search, Stage::fetch, Stage::quota, Stage::logout);
  CAPTURE(base::to_string(slow));
  const auto delay = [&](Stage stage) { return stage == slow ? 200ms : 0ms; };
  Scene scene;
  offer(scene, "IMAP4rev1 SASL-IR AUTH=PLAIN");
  scene.peer.set_greeting("* OK ready\r\n", delay(Stage::greeting));
  scene.peer.on("CAPABILITY", "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK\r\n", delay(Stage::capability));
  scene.peer.on("AUTHENTICATE", "{tag} OK [CAPABILITY IMAP4rev1] in\r\n", delay(Stage::auth));
  scene.peer.on("EXAMINE", "* 3 EXISTS\r\n{tag} OK\r\n", delay(Stage::select));
  scene.peer.on("LIST", "* LIST () \"/\" a\r\n{tag} OK\r\n", delay(Stage::list));
  scene.peer.on("SEARCH", "* SEARCH 1\r\n{tag} OK\r\n", delay(Stage::search));
  scene.peer.on("FETCH", "* 1 FETCH (UID 1 INTERNALDATE \"01-Jan-2026 00:00:00 +0000\")\r\n{tag} OK\r\n",
                delay(Stage::fetch));
  scene.peer.on("GETQUOTAROOT", "{tag} OK\r\n", delay(Stage::quota));
  scene.peer.on("LOGOUT", "* BYE\r\n{tag} OK\r\n", delay(Stage::logout));
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  REQUIRE(scene.client.log_in(log_in({}, PlainTextAuth::allowed)).has_value());
  REQUIRE(scene.client.open("INBOX", imap::OpenMode::examine).has_value());
  REQUIRE(scene.client.list("a").has_value());
  REQUIRE(scene.client.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::sequence).has_value());
  REQUIRE(scene.client.fetch({.messages = {1}}).has_value());
  REQUIRE(scene.client.quota("INBOX").has_value());
  scene.client.logout({scene.clock, 2s});
  for (const auto& step : scene.timeline.steps()) {
    CAPTURE(base::to_string(step.stage));
    CHECK(step.duration == delay(step.stage));
  }
  CHECK(scene.timeline.steps().size() == 10);
  CHECK(scene.timeline.total() == 200ms);
}

TEST_CASE("capabilities that came with the greeting are not asked for") {
  Scene scene;
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n");
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  CHECK(scene.peer.heard().empty());
  CHECK(scene.time_of(Stage::capability) == -1ms);
  REQUIRE(scene.client.ask_capability().has_value());
  CHECK(scene.peer.heard() == Texts{"CAPABILITY"});
}

TEST_CASE("nothing is sent over a plain connection unless that is allowed") {
  const std::string mechanism = GENERATE(as<std::string>{}, "", "PLAIN", "LOGIN-COMMAND", "CRAM-MD5", "strongest");
  CAPTURE(mechanism);
  Scene scene;
  offer(scene, "IMAP4rev1 AUTH=PLAIN AUTH=CRAM-MD5 AUTH=SCRAM-SHA-256");
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  const auto done = scene.client.log_in(log_in(mechanism));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::plaintext_auth_refused);
  CHECK(done.error().stage == Stage::auth);
  CHECK(scene.peer.heard() == Texts{"CAPABILITY"});
  CHECK(scene.time_of(Stage::auth) == -1ms);
}

TEST_CASE("the mechanism is chosen by what is offered, what is asked for, and the connection") {
  struct Row {
    std::string capabilities;
    std::string forced;
    std::string used;  // or the kind of the error
    std::string heard;
  };
  const std::string plain = "AUTHENTICATE PLAIN " + base::base64_encode(std::string_view("\0probe\0hunter2", 14));
  const auto row = GENERATE_COPY(values<Row>({
      {"IMAP4rev1 SASL-IR AUTH=PLAIN", "", "PLAIN", plain},
      {"IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN", "", "PLAIN", plain},
      {"IMAP4rev1 sasl-ir auth=plain", "plain", "PLAIN", plain},
      {"IMAP4rev1", "", "LOGIN command", "LOGIN probe hunter2"},
      {"IMAP4rev1 AUTH=GSSAPI", "", "LOGIN command", "LOGIN probe hunter2"},
      {"IMAP4rev1 SASL-IR AUTH=PLAIN", "LOGIN-COMMAND", "LOGIN command", "LOGIN probe hunter2"},
      {"IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN", "login-command", "LOGIN command", "LOGIN probe hunter2"},
      {"IMAP4rev1 SASL-IR AUTH=PLAIN", "LOGIN", "LOGIN command", "LOGIN probe hunter2"},
      {"IMAP4rev1 AUTH=LOGIN", "LOGIN", "LOGIN", "AUTHENTICATE LOGIN"},
      {"IMAP4rev1 LOGINDISABLED SASL-IR AUTH=PLAIN", "", "PLAIN", plain},
      {"IMAP4rev1 LOGINDISABLED", "", "no-mechanism", ""},
      {"IMAP4rev1 LOGINDISABLED AUTH=PLAIN", "LOGIN-COMMAND", "no-mechanism", ""},
      {"IMAP4rev1 LOGINDISABLED AUTH=PLAIN", "LOGIN", "no-mechanism", ""},
      {"IMAP4rev1 LOGINDISABLED AUTH=GSSAPI", "", "no-mechanism", ""},
      {"IMAP4rev1 SASL-IR AUTH=PLAIN", "SCRAM-SHA-256", "no-mechanism", ""},
  }));
  CAPTURE(row.capabilities, row.forced);
  Scene scene(PeerTls::implicit);
  offer(scene, row.capabilities);
  if (row.used == "LOGIN") {
    scene.peer.on("AUTHENTICATE", "+ VXNlcm5hbWU6\r\n");
    scene.peer.then("+ UGFzc3dvcmQ6\r\n");
    scene.peer.then("{tag} OK in\r\n");
  }
  scene.greet_in_tls();
  const auto done = scene.client.log_in(log_in(row.forced));
  CHECK((done ? scene.client.mechanism() : std::string(base::to_string(done.error().kind))) == row.used);
  CHECK((scene.peer.heard().size() > 1 ? scene.peer.heard()[1] : "") == row.heard);
  CHECK(scene.shown().find("hunter2") == std::string::npos);
}

TEST_CASE("the LOGIN command is not named as a mechanism that the server offers") {
  Scene scene(PeerTls::implicit);
  offer(scene, "IMAP4rev1 AUTH=PLAIN");
  scene.greet_in_tls();
  const auto done = scene.client.log_in(log_in("CRAM-MD5"));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().detail == "CRAM-MD5: not offered; the server offers PLAIN");
}

TEST_CASE("LOGINDISABLED on a plain connection means that TLS is wanted") {
  Scene scene;
  offer(scene, "IMAP4rev1 LOGINDISABLED STARTTLS");
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  const auto done = scene.client.log_in(log_in({}, PlainTextAuth::allowed));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::tls_required);
  CHECK(scene.peer.heard() == Texts{"CAPABILITY"});
}

TEST_CASE("over an unverified connection a mechanism that hides the password comes first") {
  Scene scene(PeerTls::implicit, {.certificate = "wrong-name"});
  offer(scene, "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=CRAM-MD5");
  scene.peer.on("AUTHENTICATE", "+ PDEuMkB4Pg==\r\n");
  scene.peer.then("{tag} OK in\r\n");
  scene.greet_in_tls(tls::Verification::reported);
  const auto done = scene.client.log_in(log_in());
  REQUIRE(done.has_value());
  CHECK(scene.client.mechanism() == "CRAM-MD5");
}

TEST_CASE("somebody else's mailbox is never opened by the LOGIN command") {
  Scene scene(PeerTls::implicit);
  offer(scene, "IMAP4rev1");
  scene.greet_in_tls();
  auto request = log_in();
  request.credentials.authorization = "other";
  const auto done = scene.client.log_in(std::move(request));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::no_mechanism);
}

TEST_CASE("without SASL-IR the response waits for the server") {
  Scene scene(PeerTls::implicit);
  offer(scene, "IMAP4rev1 AUTH=PLAIN");
  scene.peer.on("AUTHENTICATE", "+ \r\n");
  scene.peer.then("{tag} OK in\r\n");
  scene.greet_in_tls();
  REQUIRE(scene.client.log_in(log_in()).has_value());
  CHECK(scene.peer.heard()[1] == "AUTHENTICATE PLAIN");
  CHECK(scene.peer.heard()[2] == base::base64_encode(std::string_view("\0probe\0hunter2", 14)));
}

TEST_CASE("a log in that succeeds before anything was said is none") {
  const std::string mechanism = GENERATE(as<std::string>{}, "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256");
  CAPTURE(mechanism);
  Scene scene(PeerTls::implicit);
  offer(scene, "IMAP4rev1 AUTH=" + mechanism);
  scene.peer.on("AUTHENTICATE", "{tag} OK in\r\n");
  scene.greet_in_tls();
  const auto done = scene.client.log_in(log_in(mechanism));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::protocol_error);
  CHECK(done.error().stage == Stage::auth);
}

TEST_CASE("a refused log in has its time, its kind and the server's words") {
  Scene scene(PeerTls::implicit);
  scene.peer.on("AUTHENTICATE", "{tag} NO [AUTHENTICATIONFAILED] no\r\n", 300ms);
  scene.greet_in_tls();
  const auto done = scene.client.log_in(log_in());
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::auth_failed);
  CHECK(done.error().peer_code == "NO [AUTHENTICATIONFAILED]");
  CHECK(done.error().peer_text == "no");
  CHECK(scene.client.mechanism() == "PLAIN");
  CHECK(scene.time_of(Stage::auth) == 300ms);
}

TEST_CASE("a log in that hangs has no time") {
  Scene scene(PeerTls::implicit);
  scene.peer.on("AUTHENTICATE", "");
  scene.peer.set_end(MemoryEnd::silent);
  scene.greet_in_tls();
  const auto done = scene.client.log_in(log_in());
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::timeout);
  CHECK(scene.time_of(Stage::auth) == -1ms);
  CHECK(scene.timeline.total() == 10s);
}

TEST_CASE("an exchange that this side aborts keeps its reason, whether the server acknowledges that or not") {
  struct Row {
    std::string acknowledgement;
    MemoryEnd end;
    bool is_answered;
  };
  const auto row = GENERATE(values<Row>({{"{tag} BAD aborted\r\n", MemoryEnd::silent, true},
                                         {"{tag} OK in\r\n", MemoryEnd::silent, true},
                                         {"* BYE enough\r\n", MemoryEnd::closed, false},
                                         {"", MemoryEnd::silent, false},
                                         {"", MemoryEnd::closed, false},
                                         {"", MemoryEnd::reset, false},
                                         {"rubbish\r\n", MemoryEnd::silent, false}}));
  CAPTURE(row.acknowledgement, row.is_answered);
  Scene scene(PeerTls::implicit);
  offer(scene, "IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256");
  scene.peer.on("AUTHENTICATE", "+ " + base::base64_encode("r=not-ours,s=c2FsdA==,i=4096") + "\r\n");
  scene.peer.then(row.acknowledgement);
  scene.peer.set_end(row.end);
  scene.greet_in_tls();
  const auto done = scene.client.log_in(log_in("SCRAM-SHA-256"));
  REQUIRE_FALSE(done.has_value());
  CHECK(scene.peer.heard().back() == "*");
  CHECK(done.error().kind == ErrorKind::protocol_error);
  CHECK(done.error().stage == Stage::auth);
  CHECK(done.error().detail.starts_with("SCRAM-SHA-256: "));
  CHECK(done.error().is_answered == row.is_answered);
  CHECK((scene.time_of(Stage::auth) == -1ms) != row.is_answered);
}

TEST_CASE("STARTTLS upgrades the connection, and capabilities are asked anew") {
  Scene scene;
  scene.peer.on("STARTTLS", "{tag} OK begin\r\n", 30ms);
  scene.peer.delay_handshake(50ms);
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  offer(scene, "IMAP4rev1 SASL-IR AUTH=PLAIN");
  REQUIRE(scene.connection.prepare_tls(trusting()).has_value());
  REQUIRE(scene.client.starttls().has_value());
  CHECK(scene.connection.is_secure());
  CHECK_FALSE(scene.client.session().capabilities().is_known());
  REQUIRE(scene.client.capability().has_value());
  CHECK_FALSE(scene.client.session().capabilities().has("STARTTLS"));
  CHECK(scene.time_of(Stage::starttls) == 30ms);
  CHECK(scene.time_of(Stage::tls) == 50ms);
  REQUIRE(scene.client.log_in(log_in()).has_value());
}

TEST_CASE("STARTTLS that is not offered, refused, or followed by plain text ends the session") {
  struct Row {
    std::string capabilities;
    std::string answer;
    ErrorKind kind;
    Stage stage;
  };
  const auto row = GENERATE(values<Row>({
      {"IMAP4rev1", "{tag} OK", ErrorKind::starttls_absent, Stage::starttls},
      {"IMAP4rev1 STARTTLS", "{tag} NO no certificate\r\n", ErrorKind::starttls_refused, Stage::starttls},
      {"IMAP4rev1 STARTTLS", "{tag} BAD what\r\n", ErrorKind::starttls_refused, Stage::starttls},
      {"IMAP4rev1 STARTTLS", "{tag} OK begin\r\n* CAPABILITY AUTH=PLAIN\r\n", ErrorKind::starttls_injected,
       Stage::starttls},
  }));
  CAPTURE(row.answer);
  Scene scene;
  offer(scene, row.capabilities);
  scene.peer.on("STARTTLS", row.answer);
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  REQUIRE(scene.connection.prepare_tls(trusting()).has_value());
  const auto upgraded = scene.client.starttls();
  REQUIRE_FALSE(upgraded.has_value());
  CHECK(base::to_string(upgraded.error().kind) == base::to_string(row.kind));
  CHECK(upgraded.error().stage == row.stage);
}

TEST_CASE("PREAUTH on a plain connection makes STARTTLS impossible") {
  Scene scene;
  scene.peer.set_greeting("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\r\n");
  scene.greet();
  REQUIRE(scene.connection.prepare_tls(trusting()).has_value());
  const auto upgraded = scene.client.starttls();
  REQUIRE_FALSE(upgraded.has_value());
  CHECK(upgraded.error().kind == ErrorKind::preauth);
  CHECK(upgraded.error().peer_text == "* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome");
  CHECK(scene.peer.heard().empty());
}

TEST_CASE("TLS records in place of a greeting are recognised") {
  const std::string_view bytes = GENERATE(as<std::string_view>{}, std::string_view("\x15\x03\x01\x00\x02\x02\x46", 7),
                                          std::string_view("\x16\x03\x03\x00\x02\r\n", 7));
  Scene scene;
  scene.peer.set_greeting(std::string(bytes));
  scene.connect();
  const auto greeted = scene.client.greeting();
  REQUIRE_FALSE(greeted.has_value());
  CHECK(greeted.error().kind == ErrorKind::tls_on_plain_port);
}

TEST_CASE("an extent is asked for where the server has ESEARCH, the numbers elsewhere") {
  Scene scene;
  offer(scene, "IMAP4rev1 ESEARCH");
  scene.peer.on("UID SEARCH", "* ESEARCH (TAG \"{tag}\") UID COUNT 3 MIN 4 MAX 9\r\n{tag} OK\r\n");
  scene.greet();
  REQUIRE(scene.client.capability().has_value());
  REQUIRE(scene.client.search_extent(*imap::SearchCriteria::parse("ALL"), imap::Numbers::uid).has_value());
  CHECK(scene.peer.heard().back() == "UID SEARCH RETURN (COUNT MIN MAX) ALL");
  CHECK(scene.client.session().found().count == 3);
  offer(scene, "IMAP4rev1");
  scene.peer.on("UID SEARCH", "* SEARCH 4 5 9\r\n{tag} OK\r\n");
  REQUIRE(scene.client.ask_capability().has_value());
  REQUIRE(scene.client.search_extent(*imap::SearchCriteria::parse("ALL"), imap::Numbers::uid).has_value());
  CHECK(scene.peer.heard().back() == "UID SEARCH ALL");
  CHECK(scene.client.session().found().count == 3);
}

TEST_CASE("a good-bye that hangs is waited for no longer than its own deadline") {
  Scene scene;
  scene.peer.on("LOGOUT", "");
  scene.peer.set_end(MemoryEnd::silent);
  scene.greet();
  scene.client.logout({scene.clock, 2s});
  CHECK(scene.timeline.total() == 2s);
  CHECK(scene.time_of(Stage::logout) == -1ms);
}
