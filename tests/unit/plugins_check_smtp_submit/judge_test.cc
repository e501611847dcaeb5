#include "plugins/check_smtp_submit/judge.h"

#include <algorithm>

#include "plugin/usage_error.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::plugins::smtp_submit;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::Findings;
using probe::SmtpReply;
using probe::SmtpSubmitFacts;

namespace {

SmtpReply reply(Stage stage, int code, std::string enhanced, std::string text) {
  return {.stage = stage,
          .code = code,
          .enhanced = std::move(enhanced),
          .text = std::move(text),
          .recipient = {},
          .kind = {}};
}

SmtpSubmitFacts facts_until_rcpt() {
  SmtpSubmitFacts facts;
  facts.host = "mail.example.test";
  facts.port = 587;
  facts.total = 84ms;
  facts.greeting = "mail.example.test ESMTP Postfix";
  facts.extensions = {"SIZE 10240000", "AUTH PLAIN LOGIN", "8BITMIME"};
  facts.is_logged_in = true;
  facts.mechanism = "PLAIN";
  facts.replies = {reply(Stage::greeting, 220, "", "mail.example.test ESMTP Postfix"),
                   reply(Stage::ehlo, 250, "", "mail.example.test"), reply(Stage::auth, 235, "2.7.0", "in"),
                   reply(Stage::mail, 250, "2.1.0", "Ok"), reply(Stage::rcpt, 250, "2.1.5", "Ok")};
  facts.replies.back().recipient = "user@example.test";
  facts.is_envelope_accepted = true;
  return facts;
}

SmtpSubmitFacts refused_at(Stage stage, ErrorKind kind, int code, const std::string& text) {
  SmtpSubmitFacts facts = facts_until_rcpt();
  facts.is_envelope_accepted = false;
  const auto is_after = [&](const SmtpReply& one) { return one.stage >= stage; };
  facts.replies.erase(std::remove_if(facts.replies.begin(), facts.replies.end(), is_after), facts.replies.end());
  facts.replies.push_back(reply(stage, code, "", text));
  facts.replies.back().kind = kind;
  if (stage == Stage::rcpt) facts.replies.back().recipient = "user@example.test";
  facts.error = base::Error{stage, kind, "our words", text, std::to_string(code), true};
  return facts;
}

Limits limits() {
  Limits result;
  result.user = "probe";
  return result;
}

Limits expecting(std::string_view reply_code) {
  Limits result = limits();
  result.expectations.replies = {parse_expected_reply(reply_code)};
  return result;
}

Limits relay_test() {
  Limits result = limits();
  result.expectations.is_relay_test = true;
  return result;
}

}  // namespace

TEST_CASE("the summary says how far the session went") {
  SmtpSubmitFacts facts = facts_until_rcpt();
  CHECK(judge(facts, limits()).summary ==
        "mail.example.test: logged in as probe (PLAIN), sender and recipient accepted, nothing sent, 0.084 s");
  facts.is_delivered = true;
  facts.replies.push_back(reply(Stage::data, 250, "2.0.0", "Ok: queued as 4F2"));
  CHECK(judge(facts, limits()).summary ==
        "mail.example.test: logged in as probe (PLAIN), message accepted: 250 2.0.0 \"Ok: queued as 4F2\", 0.084 s");
  facts = facts_until_rcpt();
  facts.is_envelope_accepted = false;
  facts.replies.pop_back();
  CHECK(judge(facts, limits()).summary == "mail.example.test: logged in as probe (PLAIN), sender accepted, 0.084 s");
  facts.replies.clear();
  facts.is_logged_in = false;
  CHECK(judge(facts, limits()).summary == "mail.example.test: ready, not logged in, 0.084 s");
  facts.extensions.reset();
  CHECK(judge(facts, limits()).summary == "mail.example.test: greeting received, 0.084 s");
  facts.greeting.reset();
  CHECK(judge(facts, limits()).summary == "mail.example.test: connected, 0.084 s");
}

TEST_CASE("a refusal is the finding of its class, with the recipient and the server's words") {
  const auto report = judge(refused_at(Stage::rcpt, ErrorKind::unknown_recipient, 550, "User unknown"), limits());
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].name == "unknown-recipient");
  CHECK(report.findings[0].text ==
        "rcpt: unknown-recipient, our words (user@example.test): 550 \"User unknown\", after 0.084 s");
  CHECK(report.summary.empty());
  CHECK(plugin::status(report) == Status::critical);
  CHECK(plugin::status(judge(refused_at(Stage::rcpt, ErrorKind::greylisted, 450, "later"), limits())) ==
        Status::warning);
}

TEST_CASE("the block list that the server names stands in the line") {
  auto facts = refused_at(Stage::greeting, ErrorKind::blocklisted, 554, "go away");
  facts.block_list = "zen.example.test";
  CHECK(judge(facts, limits()).findings[0].text ==
        "greeting: blocklisted, our words (zen.example.test): 554 \"go away\", after 0.084 s");
}

TEST_CASE("an expected refusal is OK, another one is not") {
  struct Row {
    std::string_view expected;
    int code;
    Status state;
  };
  const auto row = GENERATE(values<Row>({{"rcpt=550", 550, Status::ok},
                                         {"rcpt=5xx", 554, Status::ok},
                                         {"rcpt=450,550", 450, Status::ok},
                                         {"rcpt=550", 450, Status::critical},
                                         {"rcpt=4xx", 550, Status::critical},
                                         {"mail=250", 550, Status::critical},
                                         {"mail=550", 550, Status::critical}}));
  CAPTURE(row.expected, row.code);
  const auto report =
      judge(refused_at(Stage::rcpt, ErrorKind::unknown_recipient, row.code, "User unknown"), expecting(row.expected));
  CHECK(plugin::status(report) == row.state);
  if (row.state == Status::ok) {
    CHECK(report.summary == "mail.example.test: rcpt was answered " + std::to_string(row.code) +
                                " \"User unknown\", as expected, 0.084 s");
  }
}

TEST_CASE("an answer that should have been a refusal is not expected") {
  const auto report = judge(facts_until_rcpt(), expecting("rcpt=550"));
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].name == "not-expected");
  CHECK(report.findings[0].text == "rcpt: not-expected, 250 2.1.5 \"Ok\" instead of 550");
  const auto refused = judge(refused_at(Stage::rcpt, ErrorKind::greylisted, 450, "later"), expecting("rcpt=550"));
  REQUIRE(refused.findings.size() == 1);
  CHECK(refused.findings[0].text == "rcpt: not-expected, 450 \"later\" instead of 550 (greylisted)");
}

TEST_CASE("network trouble keeps its finding whatever is expected") {
  auto facts = refused_at(Stage::rcpt, ErrorKind::timeout, 250, "");
  facts.error->is_answered = false;
  facts.replies.pop_back();
  CHECK(judge(facts, expecting("rcpt=550")).findings[0].name == "timeout");
  CHECK(judge(facts, relay_test()).findings[0].name == "timeout");
  CHECK(plugin::status(judge(facts, relay_test())) == Status::critical);
}

TEST_CASE("extensions are expected by keyword, or by keyword and parameter") {
  struct Row {
    std::string expected;
    bool is_met;
  };
  const auto row = GENERATE(values<Row>({{"SIZE", true},
                                         {"size", true},
                                         {"AUTH PLAIN", true},
                                         {"AUTH login", true},
                                         {"AUTH CRAM-MD5", false},
                                         {"!AUTH CRAM-MD5", true},
                                         {"!AUTH", false},
                                         {"STARTTLS", false},
                                         {"!STARTTLS", true},
                                         {"AUT", false}}));
  CAPTURE(row.expected);
  Limits limit = limits();
  limit.expectations.extensions = {row.expected};
  const auto report = judge(facts_until_rcpt(), limit);
  CHECK(report.findings.empty() == row.is_met);
  if (!row.is_met) CHECK(report.findings[0].name == "not-expected");
}

TEST_CASE("a server that offers no extension at all does not offer the expected one") {
  auto facts = facts_until_rcpt();
  facts.extensions = std::vector<std::string>{};
  Limits limit = limits();
  limit.expectations.extensions = {"AUTH"};
  CHECK(judge(facts, limit).findings[0].name == "not-expected");
}

TEST_CASE("the greeting is looked at as it is shown") {
  Limits limit = limits();
  limit.expectations.greeting = "Postfix";
  CHECK(judge(facts_until_rcpt(), limit).findings.empty());
  limit.expectations.greeting = "Exim";
  CHECK(judge(facts_until_rcpt(), limit).findings[0].text ==
        "greeting: not-expected, \"Exim\" does not occur in \"mail.example.test ESMTP Postfix\"");
}

TEST_CASE("the test for an open relay") {
  auto open = facts_until_rcpt();
  open.is_logged_in = false;
  const auto found = judge(open, relay_test());
  CHECK(plugin::status(found) == Status::critical);
  CHECK(found.findings[0].text == "rcpt: open-relay, user@example.test was accepted without log in: 250 2.1.5 \"Ok\"");
  CHECK(found.summary.empty());

  struct Row {
    Stage stage;
    ErrorKind kind;
    int code;
    Status state;
  };
  const auto row = GENERATE(values<Row>({{Stage::rcpt, ErrorKind::relay_denied, 554, Status::ok},
                                         {Stage::rcpt, ErrorKind::policy, 550, Status::ok},
                                         {Stage::mail, ErrorKind::policy, 530, Status::ok},
                                         {Stage::rcpt, ErrorKind::greylisted, 450, Status::unknown},
                                         {Stage::rcpt, ErrorKind::temporary, 451, Status::unknown},
                                         {Stage::rcpt, ErrorKind::blocklisted, 554, Status::unknown},
                                         {Stage::greeting, ErrorKind::greeting, 554, Status::unknown}}));
  CAPTURE(row.code, base::to_string(row.kind));
  const auto report = judge(refused_at(row.stage, row.kind, row.code, "no"), relay_test());
  CHECK(plugin::status(report) == row.state);
  CHECK(report.summary.empty() == (row.state != Status::ok));
}

TEST_CASE("--result decides in the test for an open relay too") {
  Limits limit = relay_test();
  limit.findings = Findings({{"greylisted", Status::ok}});
  CHECK(plugin::status(judge(refused_at(Stage::rcpt, ErrorKind::greylisted, 450, "later"), limit)) == Status::ok);
}

TEST_CASE("replies, classes and what was sent are facts") {
  auto facts = refused_at(Stage::rcpt, ErrorKind::unknown_recipient, 550, "User unknown");
  facts.message_id = "x@y";
  const auto report = judge(facts, limits());
  const auto fact = [&](std::string_view name) {
    return std::find_if(report.facts.begin(), report.facts.end(), [&](const auto& one) { return one.name == name; });
  };
  REQUIRE(fact("replies") != report.facts.end());
  CHECK(std::get<std::vector<std::string>>(fact("replies")->value).back() ==
        "rcpt: 550 \"User unknown\", unknown-recipient");
  CHECK(std::get<std::string>(fact("message_id")->value) == "x@y");
  CHECK(fact("block_list") == report.facts.end());
}

TEST_CASE("a recipient that was accepted shows an open relay, whatever the next one was told") {
  auto facts = refused_at(Stage::rcpt, ErrorKind::relay_denied, 550, "no relaying");
  facts.replies.insert(facts.replies.end() - 1, reply(Stage::rcpt, 250, "", "Ok"));
  CHECK(plugin::status(judge(facts, relay_test())) == Status::critical);
}

TEST_CASE("a refusal of this client or sender shows nothing of relaying") {
  auto facts = refused_at(Stage::rcpt, ErrorKind::policy, 550, "Helo command rejected");
  facts.replies.back().is_about_sender_or_client = true;
  CHECK(plugin::status(judge(facts, relay_test())) == Status::unknown);
  CHECK(plugin::status(judge(refused_at(Stage::mail, ErrorKind::tls_required, 530, "STARTTLS"), relay_test())) ==
        Status::unknown);
  CHECK(plugin::status(judge(refused_at(Stage::rcpt, ErrorKind::mailbox_full, 552, "full"), relay_test())) ==
        Status::unknown);
}

TEST_CASE("an expectation that was never put to the test is not met") {
  auto limit = expecting("mail=550");
  limit.expectations.replies.push_back(parse_expected_reply("rcpt=250"));
  limit.expectations.extensions = {"SIZE"};
  auto facts = refused_at(Stage::mail, ErrorKind::policy, 550, "no");
  CHECK(judge(facts, limit).findings.size() == 1);
  CHECK(judge(facts, limit).findings[0].text == "rcpt: not-expected, the session ended without an answer there");
  facts.extensions.reset();
  CHECK(judge(facts, limit).findings.size() == 2);
  facts.error->kind = ErrorKind::timeout;  // says it all by itself
  facts.error->is_answered = false;
  CHECK(judge(facts, limit).findings.size() == 1);
}

TEST_CASE("of several answers at one step the refusal is the one that counts") {
  auto facts = refused_at(Stage::rcpt, ErrorKind::unknown_recipient, 550, "User unknown");
  facts.replies.push_back(reply(Stage::rcpt, 250, "", "Ok"));
  facts.replies.back().recipient = "second@example.test";
  CHECK(judge(facts, limits()).findings[0].text.find("(user@example.test)") != std::string::npos);
  facts = refused_at(Stage::mail, ErrorKind::policy, 550, "no");
  facts.replies.push_back(reply(Stage::rcpt, 503, "", "need MAIL"));
  facts.replies.back().kind = ErrorKind::protocol_error;
  CHECK(judge(facts, expecting("mail=550")).summary ==
        "mail.example.test: mail was answered 550 \"no\", as expected, 0.084 s");
}

TEST_CASE("a log in that this side gave up was not refused") {
  auto facts = refused_at(Stage::auth, ErrorKind::protocol_error, 501, "aborted");
  facts.error->peer_code.clear();
  CHECK(plugin::status(judge(facts, expecting("auth=5xx"))) == Status::critical);
}

TEST_CASE("the old form AUTH= offers log in as well") {
  auto facts = facts_until_rcpt();
  facts.extensions = {"AUTH=LOGIN PLAIN"};
  Limits limit = limits();
  limit.expectations.extensions = {"AUTH PLAIN"};
  CHECK(judge(facts, limit).findings.empty());
  limit.expectations.extensions = {"!AUTH"};
  CHECK(judge(facts, limit).findings.size() == 1);
}
