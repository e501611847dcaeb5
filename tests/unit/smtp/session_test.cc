// Whole dialogues by driving next(): greeting to good-bye, STARTTLS, AUTH, LMTP, and what may go wrong.
#include "smtp/session.h"

#include "base/base64.h"
#include "smtp/dot_stuffing.h"
#include "unit/smtp/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::Stage;
using mail::Address;
using smtp::Hello;
using smtp::Path;
using Talk = SmtpConversation;
using Texts = std::vector<std::string>;

namespace {

Path path(std::string_view text) {
  return Path(Address::parse(text).value());
}

std::string base64_line(std::string_view text) {
  return base::base64_encode(text) + "\r\n";
}

}  // namespace

TEST_CASE("a session goes from greeting to good-bye") {
  Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.go() == "more");
  CHECK(talk.hear("220 mail.example.test ESMTP ready\r\n") == "done");
  CHECK(talk.session.greeting()->text() == "mail.example.test ESMTP ready");
  talk.session.hello(Hello::ehlo, "client.example.test");
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "EHLO client.example.test\r\n");
  CHECK(talk.hear("250-mail.example.test\r\n250-SIZE 1000\r\n250 8BITMIME\r\n") == "done");
  CHECK(talk.session.extensions().has("8bitmime"));
  talk.session.mail(path("a@example.org"), {.size = 12, .body = smtp::Body::eight_bit_mime, .is_utf8 = true});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "MAIL FROM:<a@example.org> SIZE=12 BODY=8BITMIME SMTPUTF8\r\n");
  CHECK(talk.hear("250 2.1.0 Ok\r\n") == "done");
  talk.session.rcpt(path("b@example.org"), {.notify = smtp::Notify::never});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "RCPT TO:<b@example.org> NOTIFY=NEVER\r\n");
  CHECK(talk.hear("251 User not local; will forward\r\n") == "done");
  talk.session.data();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "DATA\r\n");
  CHECK(talk.hear("354 End data with .\r\n") == "done");
  talk.session.body(smtp::stuff_dots("x\r\n"));
  CHECK(talk.go() == "done");
  CHECK(talk.take() == "x\r\n.\r\n");
  talk.session.verdict();
  CHECK(talk.go() == "more");
  CHECK(talk.hear("250 2.0.0 Ok: queued as 1234\r\n") == "done");
  CHECK(talk.session.last_reply()->enhanced == "2.0.0");
  talk.session.quit();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "QUIT\r\n");
  CHECK(talk.hear("221 2.0.0 Bye\r\n") == "done");
}

TEST_CASE("a dialogue is the same by byte") {
  Talk talk;
  talk.session.expect_greeting();
  std::string last;
  for (const char c : std::string_view("220-wait\r\n220-wait\r\n220 go\r\n")) last = talk.hear(std::string_view(&c, 1));
  CHECK(last == "done");
  CHECK(talk.session.greeting()->lines == Texts{"wait", "wait", "go"});
}

TEST_CASE("nothing is sent into a greeting that has not ended") {
  Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("220-mail.example.test\r\n") == "more");
  CHECK(talk.take().empty());
}

TEST_CASE("a greeting that turns away ends the session with its class") {
  struct Row {
    std::string_view reply;
    std::string_view outcome;
  };
  const auto row = GENERATE(values<Row>({{"554 No SMTP service here", "greeting"},
                                         {"421 4.3.2 Service shutting down", "service-closing"},
                                         {"450 come back", "greeting"},
                                         {"* OK IMAP4rev1 ready", "greeting"},
                                         {"+OK POP3", "greeting"},
                                         {"SSH-2.0-OpenSSH_9.2", "greeting"},
                                         {"", "greeting"}}));
  CAPTURE(row.reply);
  Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(std::string(row.reply) + "\r\n") == row.outcome);
  CHECK(talk.error.stage == Stage::greeting);
}

TEST_CASE("STARTTLS forgets what was offered before") {
  Talk talk;
  talk.greet("250-STARTTLS\r\n250 AUTH PLAIN");
  talk.session.starttls();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "STARTTLS\r\n");
  CHECK(talk.hear("220 2.0.0 Ready to start TLS\r\n") == "done");
  talk.session.tls_started();
  CHECK_FALSE(talk.session.extensions().is_known());
}

TEST_CASE("bytes behind the go-ahead of STARTTLS are refused") {
  for (const auto* more : {"250 injected\r\n", "2", "\r\n"}) {
    CAPTURE(more);
    Talk talk;
    talk.greet("250 STARTTLS");
    talk.session.starttls();
    talk.go();
    CHECK(talk.hear("220 go\r\n" + std::string(more)) == "starttls-injected");
  }
}

TEST_CASE("STARTTLS may be refused") {
  Talk talk;
  talk.greet("250 STARTTLS");
  talk.session.starttls();
  talk.go();
  CHECK(talk.hear("454 4.7.0 TLS not available due to local problem\r\n") == "starttls-refused");
  CHECK(talk.error.is_answered);
}

TEST_CASE("an initial response goes out with AUTH, and is not shown") {
  Talk talk;
  Texts challenges;
  talk.greet();
  talk.session.authenticate(std::make_unique<FakeMechanism>(
      FakeMechanism::Script{.name = "PLAIN", .responses = {"\1probe\1hunter2"}}, challenges));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "AUTH PLAIN " + base64_line("\1probe\1hunter2"));
  CHECK(talk.shown.ends_with("AUTH PLAIN ***\n"));
  CHECK(talk.hear("235 2.7.0 Authentication successful\r\n") == "done");
}

TEST_CASE("an empty initial response is an equals sign") {
  Talk talk;
  Texts challenges;
  talk.greet();
  talk.session.authenticate(
      std::make_unique<FakeMechanism>(FakeMechanism::Script{.name = "EXTERNAL", .responses = {""}}, challenges));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "AUTH EXTERNAL =\r\n");
}

TEST_CASE("an initial response too long for one line waits for the first challenge") {
  Talk talk;
  Texts challenges;
  talk.greet();
  const std::string token(500, 't');
  talk.session.authenticate(
      std::make_unique<FakeMechanism>(FakeMechanism::Script{.name = "XOAUTH2", .responses = {token, ""}}, challenges));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "AUTH XOAUTH2\r\n");
  const auto* empty = GENERATE("334\r\n", "334 \r\n");
  CHECK(talk.hear(empty) == "more");
  CHECK(talk.take() == base64_line(token));
  CHECK(challenges == Texts{""});
  CHECK(talk.hear("334 " + base64_line("{\"status\":\"400\"}")) == "more");
  CHECK(talk.take() == "\r\n");
  CHECK(talk.hear("535 5.7.8 refused\r\n") == "auth-failed");
}

TEST_CASE("a server-first mechanism answers each challenge") {
  Talk talk;
  Texts challenges;
  talk.greet();
  talk.session.authenticate(std::make_unique<FakeMechanism>(
      FakeMechanism::Script{.name = "LOGIN", .is_client_first = false, .responses = {"probe", "hunter2"}}, challenges));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "AUTH LOGIN\r\n");
  CHECK(talk.hear("334 VXNlcm5hbWU6\r\n") == "more");
  CHECK(talk.take() == base64_line("probe"));
  CHECK(talk.hear("334\r\n") == "more");
  CHECK(talk.take() == base64_line("hunter2"));
  CHECK(challenges == Texts{"Username:", ""});
  CHECK(talk.hear("235 ok\r\n") == "done");
}

TEST_CASE("a challenge that cannot be answered is given up, and the reason is told") {
  Talk talk;
  Texts challenges;
  talk.greet();
  talk.session.authenticate(std::make_unique<FakeMechanism>(
      FakeMechanism::Script{.name = "CRAM-MD5", .is_client_first = false, .responses = {}}, challenges));
  talk.go();
  talk.take();
  const bool is_base64 = GENERATE(true, false);
  CHECK(talk.hear(is_base64 ? "334 QUFB\r\n" : "334 *!*\r\n") == "more");
  CHECK(talk.take() == "*\r\n");
  CHECK(talk.session.unacknowledged_abort());
  const auto* answer = GENERATE("501 5.7.0 Authentication aborted\r\n", "334 QUFB\r\n");
  CHECK(talk.hear(answer) == "protocol-error");
  CHECK_FALSE(talk.session.unacknowledged_abort());
}

TEST_CASE("a mechanism that does not believe the server fails after 235") {
  Talk talk;
  Texts challenges;
  talk.greet();
  talk.session.authenticate(std::make_unique<FakeMechanism>(
      FakeMechanism::Script{.name = "SCRAM-SHA-256", .responses = {"a"}, .finish_error = "no proof"}, challenges));
  talk.go();
  CHECK(talk.hear("235 welcome\r\n") == "auth-failed");
}

TEST_CASE("a 334 that nobody waits for is a protocol error") {
  Talk talk;
  Texts challenges;
  talk.greet();
  talk.session.mail(Path::null(), {});
  talk.go();
  CHECK(talk.take() == "MAIL FROM:<>\r\n");
  CHECK(talk.hear("334 abc\r\n") == "protocol-error");
}

TEST_CASE("DATA needs a 354") {
  Talk talk;
  talk.greet();
  talk.session.data();
  talk.go();
  CHECK(talk.hear("250 Ok\r\n") == "protocol-error");
  CHECK(talk.error.stage == Stage::data);
}

TEST_CASE("after the final dot a lost connection is unknown delivery") {
  Talk talk;
  talk.greet();
  talk.session.body(".\r\n");
  CHECK(talk.go() == "done");
  talk.session.verdict();
  CHECK(talk.go() == "more");
  SECTION("without a word") {
    CHECK(talk.hang_up() == "delivery-unknown");
  }
  SECTION("in the middle of the reply") {
    CHECK(talk.hear("250-2.0.0") == "more");
    CHECK(talk.hang_up() == "delivery-unknown");
  }
}

TEST_CASE("a lost connection is told with what there was of a reply") {
  Talk talk;
  talk.greet();
  talk.session.mail(Path::null(), {});
  CHECK(talk.hear("250 2.1") == "more");
  CHECK(talk.hang_up() == "connection-lost");
  CHECK(talk.error.peer_text == "250 2.1");
  CHECK(talk.session.has_closed());
}

TEST_CASE("421 closes the session, whatever was asked") {
  Talk talk;
  talk.greet();
  talk.session.rcpt(path("a@example.org"), {});
  talk.go();
  CHECK(talk.hear("421 4.4.2 timeout exceeded\r\n") == "service-closing");
  CHECK(talk.session.has_closed());
  CHECK(talk.error.peer_code == "421 4.4.2");
}

TEST_CASE("an envelope goes out at once and its replies are awaited one by one") {
  Talk talk;
  talk.greet("250 PIPELINING");
  talk.session.envelope(path("a@example.org"), {}, {path("b@example.org"), path("c@example.org")}, {});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\n");
  CHECK(talk.hear("250 2.1.0 Ok\r\n550 5.1.1 unknown\r\n250 2.1.5 Ok\r\n") == "done");
  talk.session.await_rcpt();
  CHECK(talk.go() == "unknown-recipient");
  talk.session.await_rcpt();
  CHECK(talk.go() == "done");
}

TEST_CASE("LMTP answers the final dot once for each recipient") {
  Talk talk;
  talk.session.expect_greeting();
  talk.hear("220 lmtp\r\n");
  talk.session.hello(Hello::lhlo, "client.example.test");
  talk.go();
  CHECK(talk.take() == "LHLO client.example.test\r\n");
  talk.hear("250 lmtp\r\n");
  talk.session.body(".\r\n");
  talk.go();
  talk.session.verdict();
  CHECK(talk.hear("250 2.0.0 <a> saved\r\n552 5.2.2 <b> Quota exceeded\r\n") == "done");
  talk.session.verdict();
  CHECK(talk.go() == "mailbox-full");
}

TEST_CASE("a broken reply is a protocol error with its line") {
  Talk talk;
  talk.greet();
  talk.session.reset();
  talk.go();
  CHECK(talk.hear("250-a\r\n550 b\r\n") == "protocol-error");
  CHECK(talk.error.peer_text.find("550 b") != std::string::npos);
}

TEST_CASE("a reply that came before it was asked for is no answer") {
  Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("220 a\r\n220 b\r\n") == "done");
  talk.session.hello(Hello::ehlo, "client.example.test");
  CHECK(talk.go() == "protocol-error");
  CHECK(talk.take().empty());
  CHECK(talk.error.peer_text == "220 b");
  CHECK(talk.session.has_closed());
}

TEST_CASE("a verdict that comes before the message is none") {
  Talk talk;
  talk.greet();
  talk.session.data();
  talk.go();
  CHECK(talk.hear("354 go\r\n250 2.0.0 queued\r\n") == "done");
  talk.session.body("hello\r\n.\r\n");
  CHECK(talk.go() == "protocol-error");
}

TEST_CASE("421 may come unasked") {
  Talk talk;
  talk.greet();
  talk.session.reset();
  talk.go();
  CHECK(talk.hear("250 2.0.0 Ok\r\n421 4.4.2 timeout exceeded\r\n") == "done");
  talk.session.mail(Path::null(), {});
  CHECK(talk.go() == "service-closing");
}

TEST_CASE("HELO has no extensions, however many lines answer it") {
  Talk talk;
  talk.session.expect_greeting();
  talk.hear("220 a\r\n");
  talk.session.hello(Hello::helo, "client.example.test");
  talk.go();
  CHECK(talk.hear("250-a\r\n250 AUTH PLAIN\r\n") == "done");
  CHECK(talk.session.extensions().is_known());
  CHECK(talk.session.extensions().lines().empty());
}
