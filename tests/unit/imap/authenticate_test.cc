// AUTHENTICATE and LOGIN dialogues of imap::Session, with a mechanism that answers from a list.
#include "base/base64.h"
#include "unit/imap/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using imap::InitialResponse;
using Texts = std::vector<std::string>;

namespace {

struct Exchange : Conversation {
  Texts challenges;

  void begin(FakeMechanism::Script script, InitialResponse initial_response = InitialResponse::allowed) {
    greet();
    session.authenticate(std::make_unique<FakeMechanism>(std::move(script), challenges), initial_response);
  }
};

std::string base64_line(std::string_view text) {
  return base::base64_encode(text) + "\r\n";
}

}  // namespace

TEST_CASE("an initial response goes out with the command where it may") {
  Exchange talk;
  talk.begin({.name = "PLAIN", .responses = {"\1probe\1hunter2"}});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 AUTHENTICATE PLAIN " + base64_line("\1probe\1hunter2"));
  CHECK(talk.shown == "A1 AUTHENTICATE PLAIN ***\n");
  CHECK(talk.hear("A1 OK in\r\n") == "done");
  CHECK(talk.challenges == Texts{""});
}

TEST_CASE("an empty initial response is an equals sign") {
  Exchange talk;
  talk.begin({.name = "EXTERNAL", .responses = {""}});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 AUTHENTICATE EXTERNAL =\r\n");
}

TEST_CASE("without SASL-IR the client waits for the go-ahead, whatever its text") {
  const std::string go_ahead =
      GENERATE(as<std::string>{}, "+", "+ ", "+ go ahead", "+ Ready for additional command text");
  CAPTURE(go_ahead);
  Exchange talk;
  talk.begin({.name = "PLAIN", .responses = {"abc"}}, InitialResponse::not_allowed);
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 AUTHENTICATE PLAIN\r\n");
  CHECK(talk.hear(go_ahead + "\r\n") == "more");
  CHECK(talk.take() == base64_line("abc"));
  CHECK(talk.challenges == Texts{""});
  CHECK(talk.hear("A1 OK\r\n") == "done");
}

TEST_CASE("an exchange of several challenges is carried through") {
  Exchange talk;
  talk.begin({.name = "SCRAM-SHA-256", .responses = {"client-first", "client-final", ""}});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 AUTHENTICATE SCRAM-SHA-256 " + base64_line("client-first"));
  CHECK(talk.hear("+ " + base64_line("r=x,s=y,i=4096")) == "more");
  CHECK(talk.take() == base64_line("client-final"));
  CHECK(talk.hear("* OK untagged between\r\n+ " + base64_line("v=proof")) == "more");
  CHECK(talk.take() == "\r\n");
  CHECK(talk.hear("A1 OK in\r\n") == "done");
  CHECK(talk.challenges == Texts{"", "r=x,s=y,i=4096", "v=proof"});
  CHECK(talk.shown == "A1 AUTHENTICATE SCRAM-SHA-256 ***\n***\n\n");
}

TEST_CASE("a mechanism in which the server speaks first gets its challenge") {
  Exchange talk;
  talk.begin({.name = "CRAM-MD5", .is_client_first = false, .responses = {"probe abcdef"}});
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 AUTHENTICATE CRAM-MD5\r\n");
  CHECK(talk.hear("+ " + base64_line("<1.2@x>")) == "more");
  CHECK(talk.take() == base64_line("probe abcdef"));
  CHECK(talk.challenges == Texts{"<1.2@x>"});
}

TEST_CASE("a challenge that is not base64 aborts the exchange") {
  Exchange talk;
  talk.begin({.name = "CRAM-MD5", .is_client_first = false, .responses = {"never"}});
  CHECK(talk.go() == "more");
  (void)talk.take();
  CHECK(talk.hear("+ <not base64>\r\n") == "more");
  CHECK(talk.take() == "*\r\n");
  CHECK(talk.challenges.empty());
  CHECK(talk.hear("A1 BAD cancelled\r\n") == "protocol-error");
  CHECK(talk.error.peer_text == "<not base64>");
  CHECK(talk.error.is_answered);
}

TEST_CASE("after the first challenge even a client-first mechanism wants base64") {
  Exchange talk;
  talk.begin({.responses = {"a", "b", "c"}}, InitialResponse::not_allowed);
  CHECK(talk.hear("+ go ahead\r\n") == "more");
  (void)talk.take();
  CHECK(talk.hear("+ go ahead\r\n") == "more");
  CHECK(talk.take() == "*\r\n");
}

TEST_CASE("a challenge that the mechanism refuses is answered with a star, and told once the server has answered") {
  Exchange talk;
  talk.begin({.responses = {"first"}});
  CHECK(talk.go() == "more");
  (void)talk.take();
  CHECK(talk.hear("+ " + base64_line("surplus")) == "more");
  CHECK(talk.take() == "*\r\n");
  CHECK(talk.hear("+ \r\n") == "more");  // a server that did not understand
  CHECK(talk.sent.empty());
  REQUIRE(talk.session.unacknowledged_abort());  // all there is to tell if no answer comes
  CHECK(talk.session.unacknowledged_abort()->detail == "a challenge too many");
  CHECK(talk.hear("A1 BAD aborted\r\n") == "protocol-error");
  CHECK(talk.error.detail == "a challenge too many");
  CHECK(talk.error.is_answered);
  CHECK_FALSE(talk.session.unacknowledged_abort());
}

TEST_CASE("a server that takes an aborted exchange for a success is not believed") {
  Exchange talk;
  talk.begin({.responses = {"first"}});
  CHECK(talk.hear("+ \r\n") == "more");
  CHECK(talk.hear("A1 OK in\r\n") == "protocol-error");
}

TEST_CASE("a server that closes after the star still gets the reason told, not only the end") {
  Exchange talk;
  talk.begin({.responses = {"first"}});
  CHECK(talk.hear("+ \r\n") == "more");
  CHECK(talk.hang_up() == "protocol-error");
  CHECK(talk.error.detail == "a challenge too many");
  CHECK_FALSE(talk.error.is_answered);
}

TEST_CASE("a mechanism that fails before anything was sent sends nothing") {
  Exchange talk;
  talk.begin({.responses = {}});
  CHECK(talk.go() == "protocol-error");
  CHECK(talk.sent.empty());
  talk.session.logout();
  CHECK(talk.go() == "more");
  CHECK(talk.take().ends_with(" LOGOUT\r\n"));
}

TEST_CASE("success that the server has not proved is none") {
  Exchange talk;
  talk.begin({.responses = {"first"}, .finish_error = "no proof"});
  CHECK(talk.hear("A1 OK in\r\n") == "auth-failed");
  CHECK(talk.error.detail == "no proof");
}

TEST_CASE("a refused exchange tells the server's words and what its challenge said") {
  Exchange talk;
  talk.begin({.name = "XOAUTH2", .responses = {"token", ""}, .server_error = "{\"status\":\"401\"}"});
  CHECK(talk.hear("+ " + base64_line("{\"status\":\"401\"}")) == "more");
  CHECK(talk.hear("A1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n") == "auth-failed");
  CHECK(talk.error.peer_text == "Invalid credentials (Failure) {\"status\":\"401\"}");
  CHECK(talk.error.peer_code == "NO [AUTHENTICATIONFAILED]");
}

TEST_CASE("an error challenge is a refusal of the token, whatever the words behind it") {
  struct Row {
    std::string_view answer;
    std::string outcome;
    bool is_about_credentials;
  };
  const auto row = GENERATE(values<Row>({{"A1 NO no", "auth-failed", true},
                                         {"A1 NO [UNAVAILABLE] no", "auth-unavailable", false},
                                         {"A1 BAD no", "command-refused", false}}));
  CAPTURE(row.answer);
  Exchange talk;
  talk.begin({.name = "XOAUTH2", .responses = {"token", ""}, .server_error = "{\"status\":\"401\"}"});
  CHECK(talk.hear("+ " + base64_line("{}")) == "more");
  CHECK(talk.hear(std::string(row.answer) + "\r\n") == row.outcome);
  CHECK(talk.error.is_about_credentials == row.is_about_credentials);
}

TEST_CASE("capabilities are forgotten at log in, unless the server sends them anew") {
  struct Row {
    std::string_view answer;
    bool is_known;
  };
  const auto row = GENERATE(values<Row>({{"A1 OK in\r\n", false},
                                         {"A1 OK [CAPABILITY NEW] in\r\n", true},
                                         {"* CAPABILITY NEW\r\nA1 OK in\r\n", true},
                                         {"A1 OK [READ-ONLY] in\r\n", false}}));
  CAPTURE(row.answer);
  Exchange talk;
  talk.begin({.responses = {"x"}});
  CHECK(talk.hear(row.answer) == "done");
  CHECK(talk.session.capabilities().is_known() == row.is_known);
  CHECK(talk.session.capabilities().has("NEW") == row.is_known);
}

TEST_CASE("a BYE in the middle of an exchange is its end") {
  Exchange talk;
  talk.begin({.responses = {"x"}});
  CHECK(talk.hear("* BYE I am going\r\n") == "connection-lost");
  CHECK(talk.error.peer_text == "I am going");
  CHECK_FALSE(talk.error.is_answered);
}

TEST_CASE("a BYE after the star does not hide why the exchange was aborted") {
  Exchange talk;
  talk.begin({.responses = {"first"}});
  CHECK(talk.hear("+ \r\n") == "more");
  CHECK(talk.hear("* BYE enough\r\n") == "protocol-error");
  CHECK(talk.error.detail == "a challenge too many");
}

TEST_CASE("a log in of special characters is quoted, and shows nothing") {
  Conversation talk;
  talk.greet();
  talk.session.login("pro be", base::Secret("a\"b\\c"));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 LOGIN \"pro be\" \"a\\\"b\\\\c\"\r\n");
  CHECK(talk.shown == "A1 LOGIN \"pro be\" \"***\"\n");
}
