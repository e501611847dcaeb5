// What is required of the authentication of a message, and what its header tells beside that.
#include "unit/plugins_check_mail_roundtrip/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using mail::Alignment;
using mail::AlignmentMode;
using plugin::Status;
using plugins::mail_roundtrip::judge;
using plugins::mail_roundtrip::Limits;
using probe::RoundtripFacts;

namespace {

probe::ArrivalAuthentication& told(RoundtripFacts& facts) {
  return facts.arrivals.front().authentication;
}

mail::AuthenticationResults& results(RoundtripFacts& facts) {
  return told(facts).results;
}

Limits requiring(std::vector<std::string> methods) {
  Limits result = limits();
  result.required = std::move(methods);
  return result;
}

Limits aligning(AlignmentMode mode) {
  Limits result = limits();
  result.alignment = mode;
  return result;
}

// Nobody who is trusted said anything.
RoundtripFacts untold(std::vector<std::string> untrusted) {
  RoundtripFacts facts = good_facts();
  results(facts) = {};
  results(facts).untrusted_ids = std::move(untrusted);
  return facts;
}

const std::vector<std::string> kAll = {"spf", "dkim", "dmarc"};

}  // namespace

TEST_CASE("what passed stands in the line, and is enough") {
  const auto report = judge(good_facts(), requiring(kAll));
  CHECK(report.findings.empty());
  CHECK(report.summary == "arrived after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass");
}

TEST_CASE("results that nobody requires are told, and no more") {
  auto facts = good_facts();
  results(facts).dkim.front().result = "fail";
  results(facts).spf.reset();
  const auto report = judge(facts, limits());
  CHECK(report.findings.empty());
  CHECK(report.summary == "arrived after 2.31 s in INBOX; dkim fail, dmarc pass");
  CHECK(judge(untold({}), limits()).summary == "arrived after 2.31 s in INBOX");
}

TEST_CASE("a method that did not pass is a finding of its own") {
  struct Row {
    std::string method;
    std::string result;
    std::string domain;
    std::string text;
  };
  const auto row = GENERATE(values<Row>({
      {"spf", "softfail", "bounce.example.org", "spf-failed, spf=softfail for bounce.example.org"},
      {"spf", "none", "", "spf-failed, spf=none"},
      {"spf", "temperror", "example.org", "spf-failed, spf=temperror for example.org"},
      {"spf", "bestguesspass", "example.org", "spf-failed, spf=bestguesspass for example.org"},
      {"dkim", "fail", "example.org", "dkim-failed, dkim=fail for example.org"},
      {"dkim", "none", "", "dkim-failed, dkim=none"},
      {"dmarc", "fail", "example.org", "dmarc-failed, dmarc=fail for example.org"},
      {"dmarc", "permerror", "", "dmarc-failed, dmarc=permerror"},
  }));
  CAPTURE(row.method, row.result);
  auto facts = good_facts();
  if (row.method == "spf") results(facts).spf = mail::SpfResult{.result = row.result, .domain = row.domain};
  if (row.method == "dkim") results(facts).dkim = {{.result = row.result, .domain = row.domain}};
  if (row.method == "dmarc") results(facts).dmarc = mail::DmarcResult{.result = row.result, .from_domain = row.domain};
  const auto report = judge(facts, requiring(kAll));
  REQUIRE(names(report) == Names{row.method + "-failed"});
  CHECK(report.findings[0].text == row.text);
  CHECK(plugin::status(report) == Status::critical);
  CHECK_FALSE(report.findings[0].hint.empty());
}

TEST_CASE("of several signatures one that passes is enough") {
  auto facts = good_facts();
  results(facts).dkim = {{.result = "fail", .domain = "list.example.net"}, {.result = "pass", .domain = "example.org"}};
  const auto report = judge(facts, requiring({"dkim"}));
  CHECK(report.findings.empty());
  CHECK(report.summary == "arrived after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass");
  results(facts).dkim[1].result = "policy";
  CHECK(finding(judge(facts, requiring({"dkim"})), "dkim-failed").text ==
        "dkim-failed, dkim=fail for list.example.net, policy for example.org");
}

TEST_CASE("a result that nobody who is trusted wrote is missing") {
  const auto report = judge(untold({}), requiring(kAll));
  REQUIRE(names(report) == Names{"authentication-missing"});  // once, whatever is required
  CHECK(report.findings[0].text == "authentication-missing, no trusted Authentication-Results");
  CHECK(plugin::status(report) == Status::critical);
  CHECK(finding(judge(untold({"mx.example.net", ""}), requiring({"spf"})), "authentication-missing").text ==
        "authentication-missing, no trusted Authentication-Results; seen and not trusted: mx.example.net, one without "
        "a name");
  CHECK(names(judge(untold({}), aligning(AlignmentMode::relaxed))) == Names{"authentication-missing"});
  auto facts = good_facts();
  results(facts).dkim.clear();
  CHECK(finding(judge(facts, requiring(kAll)), "authentication-missing").text ==
        "authentication-missing, no trusted result of dkim");
}

TEST_CASE("what cannot be read is never a pass, and no failure either") {
  auto facts = good_facts();
  results(facts).unreadable = "no result after \"dkim=\"";
  CHECK(judge(facts, requiring(kAll)).findings.empty());  // all is told by others
  results(facts).dkim.clear();
  results(facts).dmarc.reset();
  const auto report = judge(facts, requiring(kAll));
  REQUIRE(names(report) == Names{"authentication-unreadable"});
  CHECK(report.findings[0].text == "authentication-unreadable, no result after \"dkim=\"");
  CHECK(plugin::status(report) == Status::unknown);
  told(facts).alignment = {};
  Limits limit = requiring(kAll);
  limit.alignment = AlignmentMode::relaxed;
  CHECK(names(judge(facts, limit)) == Names{"authentication-unreadable"});
}

TEST_CASE("a message without a header that could be read has passed nothing") {
  auto facts = good_facts();
  facts.arrivals.front().has_header = false;
  told(facts) = {};
  CHECK(judge(facts, limits()).findings.empty());
  for (const Limits& limit : {requiring(kAll), aligning(AlignmentMode::strict)}) {
    const auto report = judge(facts, limit);
    REQUIRE(names(report) == Names{"authentication-unreadable"});
    CHECK(report.findings[0].text == "authentication-unreadable, the header of the message could not be read");
  }
}

TEST_CASE("alignment by either is enough, in the mode that was asked for") {
  struct Row {
    Alignment dkim;
    Alignment spf;
    AlignmentMode mode;
    bool is_enough;
  };
  const auto row = GENERATE(values<Row>({{Alignment::strict, Alignment::none, AlignmentMode::strict, true},
                                         {Alignment::none, Alignment::strict, AlignmentMode::strict, true},
                                         {Alignment::relaxed, Alignment::relaxed, AlignmentMode::strict, false},
                                         {Alignment::none, Alignment::none, AlignmentMode::strict, false},
                                         {Alignment::relaxed, Alignment::none, AlignmentMode::relaxed, true},
                                         {Alignment::none, Alignment::relaxed, AlignmentMode::relaxed, true},
                                         {Alignment::strict, Alignment::none, AlignmentMode::relaxed, true},
                                         {Alignment::none, Alignment::none, AlignmentMode::relaxed, false}}));
  auto facts = good_facts();
  told(facts).alignment = {.dkim = row.dkim, .spf = row.spf};
  const auto report = judge(facts, aligning(row.mode));
  CHECK(names(report) == (row.is_enough ? Names{} : Names{"not-aligned"}));
  CHECK(plugin::status(report) == (row.is_enough ? Status::ok : Status::critical));
}

TEST_CASE("what is not aligned says who passed instead") {
  auto facts = good_facts();
  told(facts).alignment = {};
  results(facts).spf->domain = "bounce.example.net";
  results(facts).dkim = {{.result = "pass", .domain = "example.com"}, {.result = "fail", .domain = "example.org"}};
  const auto text = [&](AlignmentMode mode) { return finding(judge(facts, aligning(mode)), "not-aligned").text; };
  CHECK(text(AlignmentMode::strict) ==
        "not-aligned, From is example.org, passed: spf for bounce.example.net, dkim for example.com (strict "
        "alignment)");
  results(facts).spf->result = "fail";
  results(facts).dkim.clear();
  told(facts).from_domain.clear();
  CHECK(text(AlignmentMode::relaxed) ==
        "not-aligned, From is not a single address, passed: nothing (relaxed alignment)");
}

TEST_CASE("a policy of none is pointed out, by DNS before the server's word") {
  struct Row {
    std::string by_header;
    std::optional<authentication::DmarcPolicy> by_dns;
    std::string text;
  };
  using Policy = authentication::DmarcPolicy;
  const auto row = GENERATE(values<Row>({
      {"reject", std::nullopt, ""},
      {"", std::nullopt, ""},
      {"none", std::nullopt, "dmarc-none, the receiving server says that the policy of example.org is none"},
      {"none", Policy{.is_found = true, .at = "example.org", .policy = "reject"}, ""},
      {"reject", Policy{.is_found = true, .at = "org.example", .policy = "none"},
       "dmarc-none, the policy of org.example is none"},
      {"", Policy{.is_found = false}, ""},
  }));
  CAPTURE(row.text);
  auto facts = good_facts();
  results(facts).dmarc->policy = row.by_header;
  told(facts).dmarc_policy = row.by_dns;
  const auto report = judge(facts, limits());
  CHECK(finding(report, "dmarc-none").text == row.text);
  CHECK(names(report) == (row.text.empty() ? Names{} : Names{"dmarc-none"}));
  CHECK(plugin::status(report) == Status::ok);
}

TEST_CASE("a policy that DNS did not tell is a note") {
  auto facts = good_facts();
  told(facts).dmarc_policy = authentication::DmarcPolicy{.detail = "192.0.2.53 did not answer"};
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"dmarc-unanswered"});
  CHECK(report.findings[0].text == "dmarc-unanswered, 192.0.2.53 did not answer");
  CHECK(plugin::status(report) == Status::ok);
}

TEST_CASE("two opinions on the organizational domain are a note where they matter") {
  auto facts = good_facts();
  told(facts).organizational_domain.domain_by_list = "org";
  told(facts).alignment = {.dkim = Alignment::relaxed, .spf = Alignment::none};
  CHECK(judge(facts, limits()).findings.empty());
  CHECK(finding(judge(facts, aligning(AlignmentMode::strict)), "organizational-domain").text.empty());
  const auto report = judge(facts, aligning(AlignmentMode::relaxed));
  CHECK(names(report) == Names{"organizational-domain"});
  CHECK(report.findings[0].text ==
        "organizational-domain, example.org by DNS tree walk, org by the public suffix list");
  told(facts).alignment.spf = Alignment::strict;
  CHECK(judge(facts, aligning(AlignmentMode::relaxed)).findings.empty());
}

TEST_CASE("the message of an earlier run is judged as such") {
  auto facts = pending_facts();
  facts.arrivals = {late_arrival(300s)};
  results(facts).dkim.front().result = "fail";
  CHECK(finding(judge(facts, requiring({"dkim"})), "dkim-failed").text ==
        "dkim-failed, the message of 2026-06-15 02:00:00 UTC: dkim=fail for example.org");
}

TEST_CASE("what the header says of authentication is told as facts") {
  auto facts = good_facts();
  results(facts).arc = "fail";
  results(facts).untrusted_ids = {"mx.example.net"};
  results(facts).unreadable = "too deep";
  told(facts).dmarc_policy =
      authentication::DmarcPolicy{.is_found = true, .at = "example.org", .policy = "reject", .is_testing = true};
  told(facts).dmarc_policy->remark = "two records";
  const auto report = judge(facts, limits());
  CHECK(fact(report, "from_domain") == "example.org");
  CHECK(fact(report, "spf") == "pass example.org");
  CHECK(fact(report, "dkim") == "pass example.org s1");
  CHECK(fact(report, "dmarc") == "pass");
  CHECK(fact(report, "arc") == "fail");
  CHECK(fact(report, "untrusted_authserv_ids") == "mx.example.net");
  CHECK(fact(report, "authentication_unreadable") == "too deep");
  CHECK(fact(report, "dkim_alignment") == "strict");
  CHECK(fact(report, "spf_alignment") == "strict");
  CHECK(fact(report, "organizational_domain") == "example.org (public suffix list)");
  CHECK(fact(report, "dmarc_policy") == "reject (testing) of example.org");
  CHECK(fact(report, "dmarc_remark") == "two records");
}
