#include "imap/response.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::Condition;
using imap::parse_response;
using imap::ResponseKind;

TEST_CASE("status responses are read, tagged and untagged, in any case") {
  struct Row {
    std::string_view frame;
    ResponseKind kind;
    std::string_view tag;
    Condition condition;
    std::string_view code, arguments, text;
  };
  using enum ResponseKind;
  const auto row = GENERATE(values<Row>({
      {"* OK ready", status, "", Condition::ok, "", "", "ready"},
      {"* ok", status, "", Condition::ok, "", "", ""},
      {"* OK ", status, "", Condition::ok, "", "", ""},
      {"*  OK  ready", status, "", Condition::ok, "", "", "ready"},
      {"* PREAUTH hi", status, "", Condition::preauth, "", "", "hi"},
      {"* Bye", status, "", Condition::bye, "", "", ""},
      {"A1 OK done", tagged, "A1", Condition::ok, "", "", "done"},
      {"A1 No [authenticationfailed] x", tagged, "A1", Condition::no, "AUTHENTICATIONFAILED", "", "x"},
      {"A1 BAD [ALERT]x", tagged, "A1", Condition::bad, "ALERT", "", "x"},
      {"A1 OK [READ-ONLY]", tagged, "A1", Condition::ok, "READ-ONLY", "", ""},
      {"* OK [UIDNEXT 42] next", status, "", Condition::ok, "UIDNEXT", "42", "next"},
      {"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi", status, "", Condition::ok, "CAPABILITY", "IMAP4rev1 AUTH=PLAIN",
       "hi"},
      {"* NO [REFERRAL imap://a;AUTH=*@b/] moved", status, "", Condition::no, "REFERRAL", "imap://a;AUTH=*@b/",
       "moved"},
      {"A1 NO [never closed", tagged, "A1", Condition::no, "", "", "[never closed"},
      {"A1 NO text [ALERT] text", tagged, "A1", Condition::no, "", "", "text [ALERT] text"},
      {"A1 OK []", tagged, "A1", Condition::ok, "", "", ""},
  }));
  CAPTURE(row.frame);
  const auto response = parse_response(row.frame);
  REQUIRE(response);
  CHECK(response->kind == row.kind);
  CHECK(response->tag == row.tag);
  CHECK(response->condition == row.condition);
  CHECK(response->code == row.code);
  CHECK(response->code_arguments == row.arguments);
  CHECK(response->text == row.text);
}

TEST_CASE("continuations are text, with or without a space or any text") {
  for (const auto& [frame, text] :
       {std::pair{"+", ""}, {"+ ", ""}, {"+ abc", "abc"}, {"+abc", "abc"}, {"+  a", " a"}}) {
    CAPTURE(frame);
    const auto response = parse_response(frame);
    REQUIRE(response);
    CHECK(response->kind == ResponseKind::continuation);
    CHECK(response->text == text);
  }
}

TEST_CASE("data responses are split into number, name and the rest") {
  struct Row {
    std::string_view frame;
    std::optional<std::uint64_t> number;
    std::string_view name, data;
  };
  const auto row = GENERATE(values<Row>({{"* 12 EXISTS", 12, "EXISTS", ""},
                                         {"* 3 fetch (UID 5)", 3, "FETCH", "(UID 5)"},
                                         {"* SEARCH", std::nullopt, "SEARCH", ""},
                                         {"* SEARCH 1 2", std::nullopt, "SEARCH", "1 2"},
                                         {"* CAPABILITY A B", std::nullopt, "CAPABILITY", "A B"},
                                         {"* 4294967295 EXISTS", 4294967295, "EXISTS", ""},
                                         {"* 1x EXISTS", std::nullopt, "1X", "EXISTS"},
                                         {"* 12", 12, "", ""},
                                         {"* OKAY x", std::nullopt, "OKAY", "x"}}));
  CAPTURE(row.frame);
  const auto response = parse_response(row.frame);
  REQUIRE(response);
  CHECK(response->kind == ResponseKind::data);
  CHECK(response->number == row.number);
  CHECK(response->name == row.name);
  CHECK(response->data == row.data);
}

TEST_CASE("what has not the shape of a response is refused") {
  for (const std::string_view frame : {"", "*", "* ", " * OK", "A1", "A1 FINE", "220 mail ESMTP", "+OK"}) {
    CAPTURE(frame);
    if (frame == "+OK") {  // POP3's greeting has the shape of a continuation
      CHECK(parse_response(frame)->kind == ResponseKind::continuation);
    } else {
      CHECK_FALSE(parse_response(frame).has_value());
    }
  }
  for (const std::string_view number : {"4294967296", "18446744073709551615", "99999999999999999999"}) {
    CAPTURE(number);  // more than 32 bits
    CHECK_FALSE(parse_response("* " + std::string(number) + " EXISTS").has_value());
  }
  for (const char* tag : {"(a", "a)", "a{b", "a%b", "a*b", "\"a\"", "a\\b"}) {
    CAPTURE(tag);
    CHECK_FALSE(parse_response(std::string(tag) + " OK x").has_value());
  }
}

TEST_CASE("a response's words are its code and its text") {
  CHECK(words_of(*parse_response("A1 NO [ALERT] read me")) == "[ALERT] read me");
  CHECK(words_of(*parse_response("A1 NO [REFERRAL imap://x/] go")) == "[REFERRAL imap://x/] go");
  CHECK(words_of(*parse_response("A1 NO [ALERT]")) == "[ALERT]");
  CHECK(words_of(*parse_response("A1 NO read me")) == "read me");
  CHECK(words_of(*parse_response("A1 NO")).empty());
}

TEST_CASE("a response's reply code is its condition and its code in brackets") {
  CHECK(reply_code_of(*parse_response("A1 NO [nonexistent] gone")) == "NO [NONEXISTENT]");
  CHECK(reply_code_of(*parse_response("A1 NO [REFERRAL imap://x/] go")) == "NO [REFERRAL imap://x/]");
  CHECK(reply_code_of(*parse_response("A1 BAD what")) == "BAD");
  CHECK(reply_code_of(*parse_response("* BYE [UNAVAILABLE]")) == "BYE [UNAVAILABLE]");
}

TEST_CASE("every condition has its word") {
  for (const std::string_view word : {"OK", "NO", "BAD", "BYE", "PREAUTH"}) {
    CHECK(imap::to_string(parse_response("* " + std::string(word) + " x")->condition) == word);
  }
}
