// Whole dialogues of POP3 by driving next(), and what may go wrong.
#include "upgrade/pop3.h"

#include "unit/upgrade/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::Stage;
using upgrade::Condition;

namespace {

void greet(Pop3Talk& talk) {
  talk.session.expect_greeting();
  REQUIRE(talk.hear("+OK ready\r\n") == "done");
}

void list(Pop3Talk& talk, const std::string& capabilities) {
  greet(talk);
  talk.session.capability();
  REQUIRE(talk.hear("+OK list\r\n" + capabilities + ".\r\n") == "done");
  talk.take();
}

}  // namespace

TEST_CASE("a POP3 session goes from greeting to good-bye, whole and by byte") {
  const std::size_t piece = GENERATE(1U, 3U, 1000U);
  CAPTURE(piece);
  Pop3Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.go() == "more");
  CHECK(talk.hear("+OK POP3 ready <1896.697170952@dbc.mtview.ca.us>\r\n", piece) == "done");
  CHECK(talk.session.greeting() == "POP3 ready <1896.697170952@dbc.mtview.ca.us>");
  CHECK_FALSE(talk.session.capabilities().has_value());
  talk.session.capability();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "CAPA\r\n");
  CHECK(talk.hear("+OK Capability list follows\r\nTOP\r\nSASL PLAIN\r\nSTLS\r\n..odd\r\n.\r\n", piece) == "done");
  CHECK(talk.session.capabilities() == Texts{"TOP", "SASL PLAIN", "STLS", ".odd"});
  CHECK(talk.session.may_start_tls());
  talk.session.starttls();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "STLS\r\n");
  CHECK(talk.hear("+OK Begin TLS negotiation\r\n", piece) == "done");
  CHECK(talk.session.last_reply()->text == "Begin TLS negotiation");
  CHECK_FALSE(talk.session.capabilities().has_value());
  talk.session.tls_started();
  talk.session.leave();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "QUIT\r\n");
  CHECK(talk.hear("+OK bye\r\n", piece) == "done");
  CHECK(talk.shown == "CAPA\nSTLS\nQUIT\n");
}

TEST_CASE("a POP3 reply has a status, maybe a code, and words") {
  struct Row {
    std::string line;
    Condition condition;
    std::string status, code, head, text;
  };
  const auto row = GENERATE(values<Row>({
      {"+OK", Condition::ok, "+OK", "", "+OK", ""},
      {"+OK ", Condition::ok, "+OK", "", "+OK", ""},
      {"+OK [XCLIENT] ready", Condition::ok, "+OK", "", "+OK", "[XCLIENT] ready"},
      {"+ok ready", Condition::ok, "+ok", "", "+ok", "ready"},
      {"-ERR", Condition::refused, "-ERR", "", "-ERR", ""},
      {"-ERR no", Condition::refused, "-ERR", "", "-ERR", "no"},
      {"-ERR [SYS/temp] later", Condition::refused, "-ERR", "SYS/TEMP", "-ERR [SYS/temp]", "later"},
      {"-ERR [IN-USE]", Condition::refused, "-ERR", "IN-USE", "-ERR [IN-USE]", ""},
      {"-ERR [not a code] x", Condition::refused, "-ERR", "", "-ERR", "[not a code] x"},
      {"-ERR [open", Condition::refused, "-ERR", "", "-ERR", "[open"},
      {"-ERR [] x", Condition::refused, "-ERR", "", "-ERR", "[] x"},
  }));
  CAPTURE(row.line);
  const auto reply = upgrade::parse_pop3_reply(row.line);
  REQUIRE(reply);
  CHECK(reply->condition == row.condition);
  CHECK(reply->status == row.status);
  CHECK(reply->code == row.code);
  CHECK(reply->head == row.head);
  CHECK(reply->text == row.text);
}

TEST_CASE("what is no POP3 greeting is told as such, with what was received") {
  const std::string first =
      GENERATE(as<std::string>{}, "220 mail ESMTP", "* OK IMAP4rev1", "+OKready", "", "HTTP/1.1 400", "\x15\x03\x01");
  CAPTURE(first);
  Pop3Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(first + "\r\n") == "greeting");
  CHECK(talk.error.detail == "the server's first words are no POP3 greeting");
  CHECK(talk.error.peer_text == first);
  CHECK_FALSE(talk.error.is_answered);
}

TEST_CASE("a greeting that turns us away has the server's words") {
  Pop3Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("-ERR [SYS/TEMP] too many connections\r\n") == "greeting");
  CHECK(talk.error.stage == Stage::greeting);
  CHECK(talk.error.detail == "the server turns the connection away");
  CHECK(talk.error.peer_code == "-ERR [SYS/TEMP]");
  CHECK(talk.error.peer_text == "too many connections");
  CHECK(talk.error.is_answered);
  CHECK(talk.session.greeting() == "too many connections");
}

TEST_CASE("a POP3 connection that closes is told by what came before") {
  Pop3Talk silent;
  silent.session.expect_greeting();
  CHECK(silent.hang_up() == "greeting");
  CHECK(silent.error.detail == "the server closed the connection without a greeting");

  Pop3Talk partial;
  partial.session.expect_greeting();
  CHECK(partial.hear("+OK rea") == "more");
  CHECK(partial.hang_up() == "connection-lost");
  CHECK(partial.error.detail == "the server closed the connection in mid-reply");
  CHECK(partial.error.peer_text == "+OK rea");

  Pop3Talk between;
  greet(between);
  between.session.starttls();
  CHECK(between.hear("") == "more");
  CHECK(between.hang_up() == "connection-lost");
  CHECK(between.error.detail == "the server closed the connection");
  CHECK(between.error.stage == Stage::starttls);
  CHECK(between.session.has_closed());

  Pop3Talk listing;
  greet(listing);
  listing.session.capability();
  CHECK(listing.hear("+OK\r\nTOP\r\n") == "more");
  CHECK(listing.hang_up() == "connection-lost");
  CHECK(listing.error.detail == "the server closed the connection in mid-reply");
  CHECK_FALSE(listing.session.capabilities().has_value());
}

TEST_CASE("what came before the end still counts in POP3") {
  Pop3Talk talk;
  talk.session.expect_greeting();
  talk.session.receive("+OK ready\r\n");
  talk.session.end_of_input();
  CHECK(talk.go() == "done");
}

TEST_CASE("STLS is absent only from a list that was told") {
  Pop3Talk told;
  list(told, "TOP\r\nSTLSX\r\n");
  CHECK_FALSE(told.session.may_start_tls());

  Pop3Talk empty;
  list(empty, "");
  CHECK(empty.session.capabilities() == Texts{});
  CHECK_FALSE(empty.session.may_start_tls());

  Pop3Talk lower_case;
  list(lower_case, "stls\r\n");
  CHECK(lower_case.session.may_start_tls());

  Pop3Talk untold;
  greet(untold);
  untold.session.capability();
  CHECK(untold.hear("-ERR unknown command\r\n") == "done");
  CHECK(untold.session.last_reply()->text == "unknown command");
  CHECK_FALSE(untold.session.capabilities().has_value());
  CHECK(untold.session.may_start_tls());
}

TEST_CASE("a second list takes the place of the first") {
  Pop3Talk talk;
  list(talk, "STLS\r\n");
  talk.session.capability();
  CHECK(talk.hear("+OK\r\nUIDL\r\n.\r\n") == "done");
  CHECK(talk.session.capabilities() == Texts{"UIDL"});
  talk.session.capability();
  CHECK(talk.hear("-ERR\r\n") == "done");
  CHECK_FALSE(talk.session.capabilities().has_value());
}

TEST_CASE("STLS may be refused, and the session lives on") {
  Pop3Talk talk;
  list(talk, "STLS\r\n");
  talk.session.starttls();
  CHECK(talk.hear("-ERR [SYS/TEMP] no certificate\r\n") == "starttls-refused");
  CHECK(talk.error.detail == "STARTTLS refused");
  CHECK(talk.error.peer_code == "-ERR [SYS/TEMP]");
  CHECK(talk.error.peer_text == "no certificate");
  CHECK(talk.error.is_answered);
  CHECK_FALSE(talk.session.has_closed());
  talk.session.leave();
  CHECK(talk.hear("+OK bye\r\n") == "done");
}

TEST_CASE("bytes behind the go-ahead of STLS are refused") {
  const std::string more = GENERATE(as<std::string>{}, "+OK injected\r\n", "x", "\r\n", "\x16\x03\x01");
  CAPTURE(more);
  Pop3Talk talk;
  list(talk, "STLS\r\n");
  talk.session.starttls();
  CHECK(talk.hear("+OK begin\r\n" + more) == "starttls-injected");
  CHECK(talk.error.stage == Stage::starttls);
  CHECK(talk.error.peer_text == more);
  CHECK_FALSE(talk.error.is_answered);
}

TEST_CASE("a POP3 server that speaks before it is asked breaks the protocol") {
  Pop3Talk talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("+OK ready\r\n+OK begin\r\n") == "done");
  talk.session.starttls();
  CHECK(talk.go() == "protocol-error");
  CHECK(talk.take().empty());
  CHECK(talk.error.detail == "the server spoke before it was asked");
  CHECK(talk.error.peer_text == "+OK begin");
  CHECK(talk.session.has_closed());
  CHECK(talk.go() == "done");  // nothing is under way any more
}

TEST_CASE("an answer that is not POP3 breaks the protocol") {
  Pop3Talk talk;
  greet(talk);
  talk.session.starttls();
  CHECK(talk.hear("220 go ahead\r\n") == "protocol-error");
  CHECK(talk.error.detail == "a reply that is not POP3");
  CHECK(talk.error.peer_text == "220 go ahead");
}

TEST_CASE("a POP3 list without end is cut off") {
  Pop3Talk lines;
  greet(lines);
  lines.session.capability();
  std::string many = "+OK\r\n";
  for (int i = 0; i < 999; ++i) many += "X\r\n";
  CHECK(lines.hear(many) == "more");
  CHECK(lines.hear("X\r\n") == "protocol-error");
  CHECK(lines.error.detail == "response of more than 1000 lines");

  Pop3Talk bytes;
  greet(bytes);
  bytes.session.capability();
  (void)bytes.hear("+OK\r\n");
  std::string line(8000, 'x');
  line += "\r\n";
  std::string last = "more";
  for (int i = 0; i < 100 && last == "more"; ++i) last = bytes.hear(line);
  CHECK(last == "protocol-error");
  CHECK(bytes.error.detail == "response longer than 262144 bytes");

  Pop3Talk banner;
  banner.session.expect_greeting();
  CHECK(banner.hear("+OK " + std::string(8188, 'x')) == "more");
  CHECK(banner.hear("xx") == "greeting");
  CHECK(banner.error.detail == "line longer than 8192 bytes");
  CHECK(banner.error.peer_text.starts_with("+OK xx"));
}

TEST_CASE("any answer to QUIT is a good-bye") {
  const std::string answer = GENERATE(as<std::string>{}, "+OK bye\r\n", "-ERR some messages not removed\r\n");
  Pop3Talk talk;
  greet(talk);
  talk.session.leave();
  CHECK(talk.hear(answer) == "done");
}
