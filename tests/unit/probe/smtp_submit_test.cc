// The probe in a world of fakes: what its facts hold after good sessions and bad ones, and what goes over the wire.
#include "probe/smtp_submit.h"

#include "unit/probe/scene.h"
#include "unit/probe/smtp_peer.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using base::Stage;
using probe::Encryption;
using probe::SmtpStop;
using Texts = std::vector<std::string>;

namespace {

mail::Address address(std::string_view text) {
  return mail::Address::parse(text).value();
}

struct SmtpScene {
  SmtpScene() {
    resolver.add("mail.example.test", {"192.0.2.25"});
    dialer.set_local({dns::Address::parse("192.0.2.1").value(), 40001});
  }

  // In clear, with a sender and a recipient; nobody logs in.
  [[nodiscard]] static probe::SmtpSubmitRequest request() {
    probe::SmtpSubmitRequest result;
    result.target.host = "mail.example.test";
    result.target.port = 587;
    result.encryption = Encryption::none;
    result.hello_name = "monitor.example.test";
    result.plain_text_auth = client::PlainTextAuth::allowed;
    result.envelope = {.from = address("probe@example.test"), .to = {address("user@example.test")}};
    result.timeout = std::chrono::seconds(10);
    return result;
  }
  [[nodiscard]] static probe::SmtpSubmitRequest with_message(std::string body = "hello\n.dot\n") {
    auto result = request();
    result.message = {.subject = "probe", .headers = {}, .body = std::move(body), .message_id = "id@example.test"};
    return result;
  }
  [[nodiscard]] static probe::SmtpSubmitRequest with_user(probe::SmtpSubmitRequest result = request()) {
    result.credentials.emplace();
    result.credentials->user = "probe";
    result.credentials->password = base::Secret("hunter2-hunter2");
    return result;
  }

  [[nodiscard]] probe::SmtpSubmitFacts run(probe::SmtpSubmitRequest request) {
    dialer.add(peer.take_stream());
    return probe::smtp_submit(std::move(request), {.clock = clock, .resolver = resolver, .dialer = dialer});
  }

  FakeClock clock;
  SmtpPeer peer;
  FakeResolver resolver;
  FakeDialer dialer;
};

}  // namespace

TEST_CASE("a good submission has all its facts, and sends nothing") {
  SmtpScene scene;
  const auto facts = scene.run(SmtpScene::with_user());
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.host == "mail.example.test");
  CHECK(facts.port == 587);
  CHECK(facts.address == "192.0.2.25");
  CHECK(facts.greeting == "mail.example.test ESMTP");
  CHECK(facts.extensions == Texts{"SIZE 10000", "AUTH PLAIN", "8BITMIME"});
  CHECK(facts.mechanism == "PLAIN");
  CHECK(facts.is_logged_in);
  CHECK(facts.is_envelope_accepted);
  CHECK_FALSE(facts.is_delivered);
  CHECK(facts.message_id.empty());
  CHECK(names(facts.steps) == Texts{"dns", "connect", "greeting", "ehlo", "auth", "mail", "rcpt", "rset", "quit"});
  CHECK(scene.peer.heard_verbs() == Texts{"EHLO", "AUTH", "MAIL", "RCPT", "RSET", "QUIT"});
  CHECK(scene.peer.heard()[0] == "EHLO monitor.example.test");
  CHECK(scene.peer.heard()[2] == "MAIL FROM:<probe@example.test>");
  REQUIRE(facts.replies.size() == 6);
  CHECK(facts.replies[4].stage == Stage::rcpt);
  CHECK(facts.replies[4].code == 250);
  CHECK(facts.replies[4].enhanced == "2.1.5");
  CHECK(facts.replies[4].recipient == "user@example.test");
  CHECK(facts.reply_code == "250");
}

TEST_CASE("a message is sent once, its size declared, dots stuffed") {
  SmtpScene scene;
  const auto facts = scene.run(SmtpScene::with_message());
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.is_delivered);
  CHECK(facts.message_id == "id@example.test");
  CHECK(names(facts.steps) == Texts{"dns", "connect", "greeting", "ehlo", "mail", "rcpt", "body", "data", "quit"});
  CHECK(scene.peer.message().find("\r\n\r\nhello\r\n..dot\r\n") != std::string::npos);
  CHECK(scene.peer.message().find("Message-ID: <id@example.test>") != std::string::npos);
  // less than came: the stuffed dot does not count
  CHECK(scene.peer.heard()[1] ==
        "MAIL FROM:<probe@example.test> SIZE=" + std::to_string(scene.peer.message().size() - 1));
  CHECK(facts.replies.back().stage == Stage::data);
  CHECK(facts.replies.back().text == "Ok: queued as 4F2");
}

TEST_CASE("a submission ends after the step that was named, politely") {
  struct Row {
    SmtpStop stop;
    Texts heard;
  };
  const auto row = GENERATE(values<Row>({{SmtpStop::connect, {}},
                                         {SmtpStop::greeting, {"QUIT"}},
                                         {SmtpStop::ehlo, {"EHLO", "QUIT"}},
                                         {SmtpStop::tls, {"EHLO", "QUIT"}},
                                         {SmtpStop::auth, {"EHLO", "AUTH", "QUIT"}},
                                         {SmtpStop::mail, {"EHLO", "AUTH", "MAIL", "QUIT"}},
                                         {SmtpStop::rcpt, {"EHLO", "AUTH", "MAIL", "RCPT", "QUIT"}}}));
  SmtpScene scene;
  auto request = SmtpScene::with_user(SmtpScene::with_message());
  request.stop_after = row.stop;
  const auto facts = scene.run(std::move(request));
  CHECK_FALSE(facts.error.has_value());
  CHECK(scene.peer.heard_verbs() == row.heard);
}

TEST_CASE("what is not asked for is not done") {
  SmtpScene scene;
  auto request = SmtpScene::request();
  request.envelope.reset();
  CHECK(names(scene.run(std::move(request)).steps) == Texts{"dns", "connect", "greeting", "ehlo", "quit"});
}

TEST_CASE("without a name of its own this side says its address") {
  struct Row {
    std::string local;
    std::string said;
  };
  const auto row = GENERATE(values<Row>({{"192.0.2.1", "[192.0.2.1]"}, {"2001:db8::1", "[IPv6:2001:db8::1]"}}));
  SmtpScene scene;
  scene.dialer.set_local({dns::Address::parse(row.local).value(), 40001});
  auto request = SmtpScene::request();
  request.hello_name.clear();
  CHECK_FALSE(scene.run(std::move(request)).error.has_value());
  CHECK(scene.peer.heard()[0] == "EHLO " + row.said);
}

TEST_CASE("the first recipient that is refused ends the session before DATA") {
  SmtpScene scene;
  scene.peer.on("RCPT", std::deque<std::string>{"250 2.1.5 Ok\r\n", "550 5.1.1 User unknown\r\n"});
  auto request = SmtpScene::with_message();
  request.envelope->to = {address("a@example.test"), address("b@example.test"), address("c@example.test")};
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.error.has_value());
  CHECK(facts.error->kind == ErrorKind::unknown_recipient);
  CHECK(facts.error->stage == Stage::rcpt);
  CHECK_FALSE(facts.is_envelope_accepted);
  CHECK(facts.replies.back().recipient == "b@example.test");
  CHECK(facts.replies.back().kind == ErrorKind::unknown_recipient);
  CHECK(scene.peer.heard_verbs() == Texts{"EHLO", "MAIL", "RCPT", "RCPT", "QUIT"});
}

TEST_CASE("pipelining sends MAIL and all RCPT at once where it is offered, and reads every answer") {
  SmtpScene scene;
  scene.peer.on("EHLO", "250-mail.example.test\r\n250 PIPELINING\r\n");
  scene.peer.on("RCPT", std::deque<std::string>{"550 5.1.1 User unknown\r\n", "250 2.1.5 Ok\r\n"});
  auto request = SmtpScene::with_message();
  request.pipelining = probe::Pipelining::where_offered;
  request.envelope->to = {address("a@example.test"), address("b@example.test")};
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.error.has_value());
  CHECK(facts.error->kind == ErrorKind::unknown_recipient);
  REQUIRE(facts.replies.size() == 5);
  CHECK(facts.replies[3].recipient == "a@example.test");
  CHECK(facts.replies[4].recipient == "b@example.test");
  CHECK(facts.replies[4].code == 250);
  CHECK(scene.peer.heard_verbs() == Texts{"EHLO", "MAIL", "RCPT", "RCPT", "QUIT"});
  CHECK(scene.peer.message().empty());
}

TEST_CASE("LMTP answers the message once for each recipient") {
  SmtpScene scene;
  scene.peer.on("LHLO", "250 mail.example.test\r\n");
  scene.peer.after_dot({"250 2.1.5 saved\r\n", "452 4.2.2 Mailbox full\r\n"});
  auto request = SmtpScene::with_message();
  request.hello = smtp::Hello::lhlo;
  request.target.unix_socket = "/run/lmtp";
  request.envelope->to = {address("a@example.test"), address("b@example.test")};
  const auto facts = scene.run(std::move(request));
  CHECK(facts.host == "/run/lmtp");
  CHECK(scene.dialer.dialed_socket() == "/run/lmtp");
  REQUIRE(facts.error.has_value());
  CHECK(facts.error->kind == ErrorKind::mailbox_full);
  CHECK(facts.error->stage == Stage::data);
  CHECK_FALSE(facts.is_delivered);
  CHECK(facts.replies.back().recipient == "b@example.test");
  CHECK(names(facts.steps) == Texts{"connect", "greeting", "ehlo", "mail", "rcpt", "body", "data", "quit"});
}

TEST_CASE("what the server cannot take is not offered") {
  SmtpScene scene;
  SECTION("an address in UTF-8") {
    auto request = SmtpScene::with_message();
    request.envelope->to = {address("j\u00fcrgen@example.test")};
    const auto facts = scene.run(std::move(request));
    REQUIRE(facts.error.has_value());
    CHECK(facts.error->kind == ErrorKind::local);
    CHECK(facts.error->stage == Stage::mail);
  }
  SECTION("a message that is too large") {
    const auto facts = scene.run(SmtpScene::with_message(std::string(20000, 'x')));
    REQUIRE(facts.error.has_value());
    CHECK(facts.error->kind == ErrorKind::too_large);
    CHECK(facts.error->stage == Stage::mail);
    CHECK_FALSE(facts.error->is_answered);
  }
  CHECK(scene.peer.heard_verbs() == Texts{"EHLO", "QUIT"});
}

TEST_CASE("extensions are used where they are offered") {
  SmtpScene scene;
  scene.peer.on("EHLO", "250-mail.example.test\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 DSN\r\n");
  auto request = SmtpScene::with_message("gr\u00fc\u00dfe\n");
  request.envelope->to = {address("j\u00fcrgen@example.test")};
  CHECK_FALSE(scene.run(std::move(request)).error.has_value());
  CHECK(scene.peer.heard()[1] == "MAIL FROM:<probe@example.test> BODY=8BITMIME SMTPUTF8");
  CHECK(scene.peer.heard()[2] == "RCPT TO:<j\u00fcrgen@example.test> NOTIFY=NEVER");
}

TEST_CASE("a connection lost after the final dot leaves the delivery unknown, and nothing is sent again") {
  SmtpScene scene;
  scene.peer.after_dot({});
  scene.peer.set_end(MemoryEnd::closed);
  const auto facts = scene.run(SmtpScene::with_message());
  REQUIRE(facts.error.has_value());
  CHECK(facts.error->kind == ErrorKind::delivery_unknown);
  CHECK_FALSE(facts.is_delivered);
  CHECK(scene.peer.heard_verbs() == Texts{"EHLO", "MAIL", "RCPT", "DATA"});
}

TEST_CASE("a PROXY header comes before everything else") {
  SmtpScene scene;
  auto request = SmtpScene::request();
  request.proxy = net::ProxyVersion::v1;
  scene.peer.on("PROXY", "");  // nobody answers it
  (void)scene.run(std::move(request));
  CHECK(scene.peer.heard()[0] == "PROXY TCP4 192.0.2.1 192.0.2.25 40001 587");
}

TEST_CASE("a block list that the server names is a fact") {
  SmtpScene scene;
  scene.peer.on("RCPT", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org\r\n");
  const auto facts = scene.run(SmtpScene::request());
  REQUIRE(facts.error.has_value());
  CHECK(facts.error->kind == ErrorKind::blocklisted);
  CHECK(facts.block_list == "zen.spamhaus.org");
}

TEST_CASE("what the server echoes of the password is in no fact") {
  SmtpScene scene;
  scene.peer.set_greeting("220 hunter2-hunter2\r\n");
  scene.peer.on("EHLO", "250-hi\r\n250-AUTH PLAIN\r\n250 X-hunter2-hunter2\r\n");
  scene.peer.on("AUTH", "535 5.7.8 no: hunter2-hunter2\r\n");
  auto request = SmtpScene::with_user();
  request.recording = net::Recording::on;
  const auto facts = scene.run(std::move(request));
  std::string all = facts.greeting.value_or("") + facts.error->peer_text + facts.reply_text;
  for (const auto& line : *facts.extensions) all += line;
  for (const auto& reply : facts.replies) all += reply.text;
  for (const auto& line : facts.dialogue) all += line;
  CHECK(all.find("hunter2") == std::string::npos);
  CHECK(facts.error->kind == ErrorKind::auth_failed);
}
