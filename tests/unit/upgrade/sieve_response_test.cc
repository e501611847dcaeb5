#include "upgrade/sieve_response.h"

#include <algorithm>

#include "support/catch2.h"

using namespace mailcheck;
using upgrade::Condition;
using upgrade::parse_sieve_response;
using upgrade::Reply;
using upgrade::SieveCapability;

TEST_CASE("a capability is a name, maybe with a value, each quoted or a literal") {
  struct Row {
    std::string frame, line;
  };
  const auto row = GENERATE(values<Row>({
      {"\"STARTTLS\"", "STARTTLS"},
      {"\"STARTTLS\" ", "STARTTLS"},
      {"\"SASL\" \"PLAIN LOGIN\"", "SASL PLAIN LOGIN"},
      {"\"SASL\" \"\"", "SASL "},
      {"\"a \\\"b\\\\\" \"c\"", "a \"b\\ c"},
      {"{4}\r\nSASL {5}\r\nPLAIN", "SASL PLAIN"},
      {"\"SASL\" {5+}\r\nPLAIN", "SASL PLAIN"},
      {"\"IMPLEMENTATION\" {3}\na\r\n", "IMPLEMENTATION a\r\n"},
  }));
  CAPTURE(row.frame);
  const auto response = parse_sieve_response(row.frame);
  REQUIRE(response);
  REQUIRE(std::holds_alternative<SieveCapability>(*response));
  CHECK(std::get<SieveCapability>(*response).line == row.line);
}

TEST_CASE("a ManageSieve reply has a status, maybe a code, maybe words") {
  struct Row {
    std::string frame;
    Condition condition;
    std::string status, code, head, text;
  };
  const auto row = GENERATE(values<Row>({
      {"OK", Condition::ok, "OK", "", "OK", ""},
      {"OK ", Condition::ok, "OK", "", "OK", ""},
      {"ok \"ready\"", Condition::ok, "ok", "", "ok", "ready"},
      {"OK {5}\r\nready", Condition::ok, "OK", "", "OK", "ready"},
      {"OK \"say \\\"hi\\\"\"", Condition::ok, "OK", "", "OK", "say \"hi\""},
      {"NO \"no\"", Condition::refused, "NO", "", "NO", "no"},
      {"NO (trylater) \"wait\"", Condition::refused, "NO", "TRYLATER", "NO (trylater)", "wait"},
      {"NO (QUOTA/MAXSIZE)", Condition::refused, "NO", "QUOTA/MAXSIZE", "NO (QUOTA/MAXSIZE)", ""},
      {"BYE (REFERRAL \"sieve://b.example/\")", Condition::bye, "BYE", "REFERRAL",
       "BYE (REFERRAL \"sieve://b.example/\")", ""},
      {"BYE (REFERRAL {3}\r\na)b) \"there\"", Condition::bye, "BYE", "REFERRAL", "BYE (REFERRAL {3}\r\na)b)", "there"},
      {"NO (X \"a)\" (b (c))) \"d\"", Condition::refused, "NO", "X", "NO (X \"a)\" (b (c)))", "d"},
      // tolerated
      {"OK Logout completed.", Condition::ok, "OK", "", "OK", "Logout completed."},
      {"OK \"open", Condition::ok, "OK", "", "OK", "\"open"},
      {"OK \"a\" b", Condition::ok, "OK", "", "OK", "\"a\" b"},
      {"NO (X)\"d\"", Condition::refused, "NO", "X", "NO (X)", "d"},
  }));
  CAPTURE(row.frame);
  const auto response = parse_sieve_response(row.frame);
  REQUIRE(response);
  REQUIRE(std::holds_alternative<Reply>(*response));
  const Reply& reply = std::get<Reply>(*response);
  CHECK(reply.condition == row.condition);
  CHECK(reply.status == row.status);
  CHECK(reply.code == row.code);
  CHECK(reply.head == row.head);
  CHECK(reply.text == row.text);
}

TEST_CASE("what is neither is malformed") {
  const std::string frame =
      GENERATE(as<std::string>{}, "", " ", "OKAY", "OK(X)", "+OK ready", "220 mail ESMTP", "* OK IMAP", "\"open",
               "\"a\"\"b\"", "\"a\" b", "\"a\" \"b\" \"c\"", "\"a\" \"b", "NO (X", "NO (X \"open)", "NO (X {9}\r\nab)",
               "NO (", "{3}", "{3}\r\nab", "{x}\r\nab", "{3\r\nabc", "\"a\r\nb\"", "PREAUTH \"x\"");
  CAPTURE(frame);
  CHECK_FALSE(parse_sieve_response(frame));
}

TEST_CASE("deep and broken codes cost no more than their length") {
  const std::string deep = "NO (" + std::string(200'000, '(') + std::string(200'000, ')') + ") \"x\"";
  const auto response = parse_sieve_response(deep);
  REQUIRE(response);
  CHECK(std::get<Reply>(*response).text == "x");
  std::string quotes = "NO (";
  for (int i = 0; i < 100'000; ++i) quotes += "\"\\";
  CHECK_FALSE(parse_sieve_response(quotes));
}
