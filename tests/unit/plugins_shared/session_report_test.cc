#include "plugins/shared/session_report.h"

#include <algorithm>

#include "support/catch2.h"

using namespace mailcheck;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;

namespace {

const base::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15);

tls::Certificate certificate(std::string subject, std::chrono::hours left) {
  tls::Certificate result;
  result.subject = std::move(subject);
  result.not_before = kNow - 24h;
  result.not_after = kNow + left;
  return result;
}

probe::SessionFacts secured(std::vector<tls::Certificate> sent, std::vector<tls::Certificate> verified,
                            std::vector<tls::VerifyFault> faults = {}) {
  probe::SessionFacts facts;
  facts.now = kNow;
  facts.tls.emplace();
  facts.tls->sent_chain = std::move(sent);
  facts.tls->verified_chain = std::move(verified);
  facts.tls->faults = std::move(faults);
  return facts;
}

double value_of(const plugin::Report& report, std::string_view label) {
  for (const auto& metric : report.metrics) {
    if (metric.label == label) return metric.value;
  }
  return -1000;
}

}  // namespace

TEST_CASE("an error is described by step, finding, our words, the server's words and the time") {
  base::Error error{Stage::auth, ErrorKind::auth_failed, "user name or password refused", "no"};
  CHECK(plugins::describe(error, 41ms) == "auth: auth-failed, user name or password refused: \"no\", after 0.041 s");
  error.peer_code = "NO [AUTHENTICATIONFAILED]";
  CHECK(plugins::describe(error, 41ms) ==
        "auth: auth-failed, user name or password refused: NO [AUTHENTICATIONFAILED] \"no\", after 0.041 s");
  error.peer_text = "";
  CHECK(plugins::describe(error, 41ms) ==
        "auth: auth-failed, user name or password refused: NO [AUTHENTICATIONFAILED], after 0.041 s");
  error.peer_code = "NO [" + std::string(5000, 'X');
  CHECK(plugins::describe(error, 41ms).size() < 200);
  error.peer_code = "";
  error.peer_text = "";
  CHECK(plugins::describe(error, 41ms) == "auth: auth-failed, user name or password refused, after 0.041 s");
  error.peer_text = "\r\n\x1b ";
  CHECK(plugins::describe(error, 41ms) == "auth: auth-failed, user name or password refused, after 0.041 s");
  error.peer_text = std::string(5000, 'x');
  CHECK(plugins::describe(error, 41ms).size() < 300);
  error.detail = std::string(5000, 'd');
  CHECK(plugins::describe(error, 41ms).size() < 700);
}

TEST_CASE("a finding that is called as its step is not said twice") {
  CHECK(plugins::describe({Stage::connect, ErrorKind::connect, "connection refused"}, 2ms) ==
        "connect: connection refused, after 0.002 s");
}

TEST_CASE("a greeting that never comes on a plain connection hints at TLS from the start") {
  const auto hint = [](const probe::SessionFacts& facts, Stage stage, ErrorKind kind) {
    return plugins::ending(facts, {stage, kind, "the server did not answer in time"}, plugins::Findings()).hint;
  };
  const std::string usual = plugins::Findings().make(ErrorKind::timeout, "").hint;
  const probe::SessionFacts plain;
  CHECK(hint(plain, Stage::greeting, ErrorKind::timeout).find("--tls implicit") != std::string::npos);
  CHECK(hint(plain, Stage::capability, ErrorKind::timeout) == usual);
  CHECK(hint(secured({}, {}), Stage::greeting, ErrorKind::timeout) == usual);
  // the other way round: plain text where TLS was expected
  CHECK(hint(plain, Stage::tls, ErrorKind::plain_text_on_tls_port).find("--tls starttls") != std::string::npos);
}

TEST_CASE("certificate days count from the probe's now, the chain's to its earliest end") {
  plugin::Report report;
  const auto leaf = certificate("leaf", 24h * 30 + 12h);
  add_certificate(report,
                  secured({leaf}, {leaf, certificate("intermediate", 24h * 10), certificate("root", 24h * 900)}), {},
                  plugins::Findings());
  CHECK(value_of(report, "cert_days") == 30.5);
  CHECK(value_of(report, "chain_days") == 10);
  CHECK(report.findings.empty());
}

TEST_CASE("an expired certificate has negative days") {
  plugin::Report report;
  add_certificate(report, secured({certificate("leaf", -48h)}, {}, {{ErrorKind::expired, "ended"}}), {},
                  plugins::Findings());
  CHECK(value_of(report, "cert_days") == -2);
  CHECK(value_of(report, "chain_days") == -2);
}

TEST_CASE("faults that --insecure let pass are notes; those that ended the session are told elsewhere") {
  auto facts = secured({certificate("leaf", 24h)}, {},
                       {{ErrorKind::self_signed, "signed by itself"}, {ErrorKind::name_mismatch, "for x"}});
  plugin::Report report;
  add_certificate(report, facts, {}, plugins::Findings());
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].name == "unverified");
  CHECK(report.findings[0].status == plugin::Status::ok);
  CHECK(report.findings[0].text == "tls: unverified, self-signed: signed by itself");
  facts.error = base::Error{Stage::tls, ErrorKind::self_signed, "signed by itself"};
  plugin::Report failed;
  add_certificate(failed, facts, {}, plugins::Findings());
  CHECK(failed.findings.empty());
}

TEST_CASE("without a certificate there are no days") {
  plugin::Report report;
  add_certificate(report, {}, {}, plugins::Findings());
  add_certificate(report, secured({}, {}), {}, plugins::Findings());
  CHECK(report.metrics.empty());
}

TEST_CASE("a report begins with what every session has") {
  probe::SessionFacts facts;
  facts.host = "imap.example.test";
  facts.port = 993;
  facts.address = "192.0.2.7";
  facts.failed_addresses = {{"2001:db8::7", "network unreachable"}};
  facts.steps = {{Stage::connect, 1ms}};
  facts.unfinished_step = Stage::greeting;
  facts.total = 2ms;
  facts.reply_code = "NO";
  facts.reply_enhanced = "ALERT";
  facts.reply_text = "x";
  facts.dialogue = {"S: x"};
  const auto report = plugins::report_of(facts, {}, plugins::Findings());
  CHECK(report.host == "imap.example.test");
  CHECK(report.address == "192.0.2.7");
  CHECK(report.port == 993);
  CHECK(report.steps.size() == 2);
  CHECK(report.unfinished_step == "greeting");
  CHECK(report.server.code == "NO");
  CHECK(report.server.enhanced == "ALERT");
  CHECK(report.server.text == "x");
  CHECK(report.dialogue == std::vector<std::string>{"S: x"});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].name == "address-failed");
  CHECK(report.findings[0].status == plugin::Status::ok);
  CHECK(report.findings[0].text == "connect: address-failed, 2001:db8::7: network unreachable");
}

TEST_CASE("the leaf's particulars are facts") {
  auto leaf = certificate("CN=imap.example.test", 24h);
  leaf.dns_names = {"imap.example.test"};
  leaf.ip_addresses = {"192.0.2.7"};
  const auto report = plugins::report_of(secured({leaf}, {leaf}), {}, plugins::Findings());
  const auto fact = [&](std::string_view name) {
    return std::find_if(report.facts.begin(), report.facts.end(),
                        [&](const auto& entry) { return entry.name == name; });
  };
  REQUIRE(fact("certificate_subject") != report.facts.end());
  REQUIRE(fact("certificate_names") != report.facts.end());
  CHECK(std::get<std::vector<std::string>>(fact("certificate_names")->value) ==
        std::vector<std::string>{"imap.example.test", "192.0.2.7"});
  REQUIRE(fact("certificate_not_after") != report.facts.end());
  CHECK(std::get<std::string>(fact("certificate_not_after")->value) == "2026-06-16 00:00:00 UTC");
  CHECK(fact("certificate_issuer") == report.facts.end());
}
