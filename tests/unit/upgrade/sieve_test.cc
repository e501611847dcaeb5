// Whole dialogues of ManageSieve by driving next(), and what may go wrong.
#include "upgrade/sieve.h"

#include "unit/upgrade/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::Stage;

namespace {

constexpr std::string_view kList =
    "\"IMPLEMENTATION\" \"Dovecot Pigeonhole\"\r\n\"SIEVE\" {13}\r\nfileinto\r\nvnd\r\n\"STARTTLS\"\r\n";

std::string greeting() {
  return std::string(kList) + "OK \"Dovecot ready.\"\r\n";
}

void greet(SieveTalk& talk) {
  talk.session.expect_greeting();
  REQUIRE(talk.hear(greeting()) == "done");
}

void upgrade_to_tls(SieveTalk& talk) {
  greet(talk);
  talk.session.starttls();
  REQUIRE(talk.hear("OK \"begin\"\r\n") == "done");
  talk.session.tls_started();
  talk.take();
}

}  // namespace

TEST_CASE("a ManageSieve session goes from greeting to good-bye, whole and by byte") {
  const std::size_t piece = GENERATE(1U, 3U, 1000U);
  CAPTURE(piece);
  SieveTalk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(greeting(), piece) == "done");
  CHECK(talk.session.greeting() == "Dovecot ready.");
  const Texts offered{"IMPLEMENTATION Dovecot Pigeonhole", "SIEVE fileinto\r\nvnd", "STARTTLS"};
  CHECK(talk.session.capabilities() == offered);
  CHECK(talk.session.may_start_tls());
  talk.session.starttls();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "STARTTLS\r\n");
  CHECK(talk.hear("OK \"Begin TLS negotiation now.\"\r\n", piece) == "done");
  CHECK(talk.session.last_reply()->text == "Begin TLS negotiation now.");
  CHECK_FALSE(talk.session.capabilities().has_value());
  talk.session.tls_started();
  talk.session.leave();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "LOGOUT\r\n");
  CHECK(talk.hear("\"SASL\" \"PLAIN\"\r\nOK \"TLS negotiation successful.\"\r\n", piece) == "more");
  CHECK(talk.hear("OK \"Logout completed.\"\r\n", piece) == "done");
  CHECK(talk.session.last_reply()->text == "Logout completed.");
}

TEST_CASE("the list that follows the handshake is passed over only once it has come") {
  SieveTalk without_list;
  upgrade_to_tls(without_list);
  without_list.session.leave();
  CHECK(without_list.hear("OK\r\n") == "done");

  SieveTalk bye;
  upgrade_to_tls(bye);
  bye.session.leave();
  CHECK(bye.hear("\"SASL\" \"PLAIN\"\r\nBYE \"shutting down\"\r\n") == "done");
  CHECK(bye.session.has_closed());

  SieveTalk cut;
  upgrade_to_tls(cut);
  cut.session.leave();
  CHECK(cut.hear("\"SASL\" \"PLAIN\"\r\nOK\r\n") == "more");
  CHECK(cut.hang_up() == "connection-lost");
  CHECK(cut.error.detail == "the server closed the connection");
  CHECK(cut.error.stage == Stage::logout);
}

TEST_CASE("capabilities may be asked for") {
  SieveTalk talk;
  greet(talk);
  talk.session.capability();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "CAPABILITY\r\n");
  CHECK(talk.hear("\"SASL\" \"PLAIN\"\r\nOK\r\n") == "done");
  CHECK(talk.session.capabilities() == Texts{"SASL PLAIN"});
  CHECK_FALSE(talk.session.may_start_tls());
  CHECK(talk.session.greeting() == "Dovecot ready.");
  talk.session.capability();
  CHECK(talk.hear("NO \"later\"\r\n") == "command-refused");
  CHECK(talk.error.is_answered);
}

TEST_CASE("STARTTLS is absent from a greeting without it, and from an empty one") {
  const std::string list = GENERATE(as<std::string>{}, "", "\"SASL\" \"PLAIN\"\r\n", "\"SASL\" \"STARTTLS\"\r\n");
  CAPTURE(list);
  SieveTalk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(list + "OK\r\n") == "done");
  CHECK(talk.session.greeting() == "");
  CHECK_FALSE(talk.session.may_start_tls());
}

TEST_CASE("what is no ManageSieve greeting is told as such, with what was received") {
  const std::string first =
      GENERATE(as<std::string>{}, "220 mail ESMTP", "* OK IMAP4rev1", "+OK ready", "", "\x15\x03\x01", "\"SASL");
  CAPTURE(first);
  SieveTalk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(first + "\r\n") == "greeting");
  CHECK(talk.error.detail == "the server's first words are no ManageSieve greeting");
  CHECK(talk.error.peer_text == first);
}

TEST_CASE("a ManageSieve greeting may turn us away") {
  struct Row {
    std::string line, detail, code, text;
    bool has_closed;
  };
  const auto row = GENERATE(values<Row>({
      {"BYE (TRYLATER) \"busy\"", "the server turns the connection away", "BYE (TRYLATER)", "busy", true},
      {"NO \"go away\"", "the server turns the connection away", "NO", "go away", false},
      {"BYE (REFERRAL \"sieve://b.example\") \"moved\"", "the server turns the connection away and refers to another",
       "BYE (REFERRAL \"sieve://b.example\")", "moved", true},
  }));
  CAPTURE(row.line);
  SieveTalk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("\"SASL\" \"PLAIN\"\r\n" + row.line + "\r\n") == "greeting");
  CHECK(talk.error.detail == row.detail);
  CHECK(talk.error.peer_code == row.code);
  CHECK(talk.error.peer_text == row.text);
  CHECK(talk.error.is_answered == !row.has_closed);
  CHECK(talk.session.has_closed() == row.has_closed);
  CHECK_FALSE(talk.session.capabilities().has_value());
}

TEST_CASE("a ManageSieve connection that closes is told by what came before") {
  SieveTalk silent;
  silent.session.expect_greeting();
  CHECK(silent.hang_up() == "greeting");

  SieveTalk listing;
  listing.session.expect_greeting();
  CHECK(listing.hear("\"SASL\" \"PLAIN\"\r\n") == "more");
  CHECK(listing.hang_up() == "connection-lost");
  CHECK(listing.error.detail == "the server closed the connection in mid-reply");

  SieveTalk literal;
  literal.session.expect_greeting();
  CHECK(literal.hear("\"SASL\" {9}\r\nPLAIN") == "more");
  CHECK(literal.hang_up() == "connection-lost");
  CHECK(literal.error.peer_text == "\"SASL\" {9}\r\nPLAIN");
}

TEST_CASE("literal data is never taken for an answer") {
  SieveTalk talk;
  greet(talk);
  talk.session.starttls();
  CHECK(talk.hear("NO {12}\r\nOK \"begin\"\r\n\r\n") == "starttls-refused");
  CHECK(talk.error.peer_text == "OK \"begin\"\r\n");
}

TEST_CASE("STARTTLS of ManageSieve may be refused, or answered by a good-bye") {
  SieveTalk refused;
  greet(refused);
  refused.session.starttls();
  CHECK(refused.hear("NO (ENCRYPT-NEEDED) \"no certificate\"\r\n") == "starttls-refused");
  CHECK(refused.error.detail == "STARTTLS refused");
  CHECK(refused.error.peer_code == "NO (ENCRYPT-NEEDED)");
  CHECK(refused.error.peer_text == "no certificate");
  CHECK(refused.error.is_answered);

  SieveTalk bye;
  greet(bye);
  bye.session.starttls();
  CHECK(bye.hear("BYE \"idle\"\r\n") == "connection-lost");
  CHECK(bye.error.detail == "the server said good-bye");
  CHECK(bye.error.peer_text == "idle");
  CHECK_FALSE(bye.error.is_answered);
  CHECK(bye.session.has_closed());
}

TEST_CASE("bytes behind the go-ahead of ManageSieve are refused, capabilities too") {
  const std::string more = GENERATE(as<std::string>{}, "\"SASL\" \"PLAIN\"\r\nOK\r\n", "x", "\n");
  CAPTURE(more);
  SieveTalk talk;
  greet(talk);
  talk.session.starttls();
  CHECK(talk.hear("OK\r\n" + more) == "starttls-injected");
  CHECK(talk.error.peer_text == more);
}

TEST_CASE("capabilities are no answer to STARTTLS") {
  SieveTalk talk;
  greet(talk);
  talk.session.starttls();
  CHECK(talk.hear("\"SASL\" \"PLAIN\"\r\nOK\r\n") == "protocol-error");
  CHECK(talk.error.detail == "a reply that is not ManageSieve");
}

TEST_CASE("a ManageSieve server that speaks before it is asked breaks the protocol, but for a good-bye") {
  struct Row {
    std::string early, kind, text;
  };
  const auto row = GENERATE(values<Row>({
      {"OK \"begin\"\r\n", "protocol-error", "OK \"begin\""},
      {"OK", "protocol-error", "OK"},
      {"BYE \"idle\"\r\n", "connection-lost", "idle"},
  }));
  CAPTURE(row.early);
  SieveTalk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(greeting() + row.early) == "done");
  talk.session.starttls();
  CHECK(talk.go() == row.kind);
  CHECK(talk.take().empty());
  CHECK(talk.error.peer_text == row.text);
  CHECK(talk.session.has_closed());
}

TEST_CASE("a ManageSieve greeting without end is cut off") {
  SieveTalk lines;
  lines.session.expect_greeting();
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "\"X\"\r\n";
  CHECK(lines.hear(many) == "more");
  CHECK(lines.hear("OK\r\n") == "greeting");
  CHECK(lines.error.detail == "response of more than 1000 lines");

  SieveTalk literal;
  literal.session.expect_greeting();
  CHECK(literal.hear("\"X\" {300000}\r\n") == "greeting");
  CHECK(literal.error.detail == "response longer than 262144 bytes");
  CHECK(literal.error.peer_text == "\"X\" {300000}\r\n");
}
