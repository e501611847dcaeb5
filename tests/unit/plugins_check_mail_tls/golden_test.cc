// Whole reports, letter by letter: what an administrator sees, and what a program reads.
#include <nlohmann/json.hpp>

#include "plugin/render.h"
#include "unit/plugins_check_mail_tls/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::mail_tls::DaneNeed;
using plugins::mail_tls::judge;

namespace {

std::string line_of(const plugin::Report& report) {
  const std::string text = plugin::render(report, {});
  return text.substr(0, text.find(" | "));
}

std::vector<std::string> labels_of(const plugin::Report& report) {
  std::vector<std::string> labels;
  for (const auto& step : report.steps) labels.push_back(step.label);
  for (const auto& one : report.metrics) labels.push_back(one.label);
  return labels;
}

// A stray certificate, a server that tries to break the line, DANE and a policy.
plugin::Report full_report() {
  auto facts = good_facts();
  publish(facts.targets.front(), {matching_record(), missing_record()});
  first_session(facts).faults = {{ErrorKind::expired, "certificate ended | 5 days ago\r\nMAIL TLS OK"}};
  replace_leaf(first_look(facts), sample_certificate("CN=<mail>.example.test", 80, -5));
  first_survey(facts).chain_remarks = {{tls::ChainRemark::Kind::surplus, "CN=Stray is not needed"}};
  first_look(facts).session.failed_addresses = {{"2001:db8::25", "network unreachable"}};
  facts.mta_sts = {.domain = "example.test",
                   .status = policy::MtaStsFacts::Status::valid,
                   .id = "1",
                   .mode = "testing",
                   .max_age = 604800,
                   .mx = {"mail.example.test"}};
  facts.targets.front().is_in_mta_sts_policy = true;
  facts.steps = {
      {Stage::dns, 1ms}, {Stage::policy, 4ms}, {Stage::connect, 2ms}, {Stage::tls, 30ms}, {Stage::quit, 2ms}};
  facts.dialogue = {"      1.0 ms S: 220 mail.example.test ESMTP"};
  auto limit = limits();
  limit.dane = DaneNeed::required;
  limit.thresholds.set_warning("total", range("1"));
  return judge(facts, limit);
}

}  // namespace

TEST_CASE("all well reads like this") {
  CHECK(plugin::render(judge(good_facts(), limits()), {}) ==
        "MAIL TLS OK - mail.example.test, smtp 587: TLSv1.3, trusted, certificate good for 60.0 days (75 %), 0.040 s | "
        "dns=0.001000s connect=0.002000s greeting=0.003000s ehlo=0.001000s starttls=0.001000s tls=0.030000s "
        "quit=0.002000s total=0.040000s cert_days=60;20:;7: chain_days=60;20:;7: lifetime_left=75%\n");
}

TEST_CASE("the labels stand in the order of time, then total, then days") {
  auto facts = good_facts();
  facts.steps = {{Stage::dns, 1ms},        {Stage::policy, 1ms},   {Stage::connect, 1ms}, {Stage::greeting, 1ms},
                 {Stage::capability, 1ms}, {Stage::starttls, 1ms}, {Stage::tls, 1ms},     {Stage::logout, 1ms}};
  CHECK(labels_of(judge(facts, limits())) ==
        std::vector<std::string>{"dns", "policy", "connect", "greeting", "capability", "starttls", "tls", "logout",
                                 "total", "cert_days", "chain_days", "lifetime_left"});
}

TEST_CASE("a stripped STARTTLS reads like this") {
  auto facts = good_facts();
  fail(first_look(facts), Stage::starttls, ErrorKind::starttls_absent, "STARTTLS is not offered");
  facts.steps.resize(4);
  facts.unfinished_step = Stage::starttls;
  CHECK(plugin::render(judge(facts, limits()), {}) ==
        "MAIL TLS CRITICAL - smtp 587: starttls-absent, STARTTLS is not offered, after 0.039 s | dns=0.001000s "
        "connect=0.002000s greeting=0.003000s ehlo=0.001000s total=0.040000s\n");
}

TEST_CASE("text injected behind the go-ahead reads like this") {
  auto facts = good_facts();
  fail(first_look(facts), Stage::starttls, ErrorKind::starttls_injected, "plain text follows the go-ahead of STARTTLS");
  CHECK(line_of(judge(facts, limits())) ==
        "MAIL TLS CRITICAL - smtp 587: starttls-injected, plain text follows the go-ahead of STARTTLS, after 0.039 s");
}

TEST_CASE("an expired certificate reads like this") {
  auto facts = good_facts();
  replace_leaf(first_look(facts), sample_certificate("CN=mail.example.test", 90, -5));
  first_session(facts).faults = {{ErrorKind::expired, "certificate ended 2026-06-10 00:00 UTC, 5 days ago"}};
  CHECK(plugin::render(judge(facts, limits()), {}) ==
        "MAIL TLS CRITICAL - smtp 587: expired, certificate ended 2026-06-10 00:00 UTC, 5 days ago; TLSv1.3, "
        "0.040 s | dns=0.001000s connect=0.002000s greeting=0.003000s ehlo=0.001000s "
        "starttls=0.001000s tls=0.030000s quit=0.002000s total=0.040000s cert_days=-5;21:;7: chain_days=-5;21:;7: "
        "lifetime_left=0%\n");
}

TEST_CASE("several addresses read like this") {
  auto facts = good_facts();
  facts.targets.front().looks.push_back(good_look("2001:db8::25"));
  facts.targets.front().looks[1].session.tls->faults = {{ErrorKind::name_mismatch, "certificate is for others"}};
  const std::string text = plugin::render(judge(facts, limits()), {});
  CHECK(text.substr(0, text.find(" | ")) ==
        "MAIL TLS CRITICAL - mail.example.test 2001:db8::25 smtp 587: name-mismatch, certificate is for others; 2 "
        "connections to mail.example.test, 0.040 s");
  CHECK(text.substr(text.find('\n') + 1) ==
        "[OK] mail.example.test 192.0.2.25 smtp 587: TLSv1.3, trusted, certificate good for 60.0 days (75 %)\n"
        "[CRITICAL] mail.example.test 2001:db8::25 smtp 587: name-mismatch, certificate is for others\n");
}

TEST_CASE("a whole report reads like this on a terminal") {
  CHECK(
      plugin::render(full_report(), {.verbosity = 3}) ==
      R"GOLDEN(MAIL TLS WARNING - smtp 587: expired, certificate ended / 5 days ago MAIL TLS OK; TLSv1.3, 0.040 s | dns=0.001000s policy=0.004000s connect=0.002000s tls=0.030000s quit=0.002000s total=0.040000s;1 cert_days=-5;20: chain_days=-5;20: lifetime_left=0%
server: mail.example.test, address 192.0.2.25, port 587
steps:
  dns       1.0 ms    2 %  #
  policy    4.0 ms   10 %  #####
  connect   2.0 ms    5 %  ###
  tls      30.0 ms   75 %  ########################################
  quit      2.0 ms    5 %  ###
  (rest)    1.0 ms    3 %  #
  total    40.0 ms  100 %
findings:
  [WARNING] smtp 587: expired, certificate ended / 5 days ago MAIL TLS OK
    hint: Renew it, and see why the renewal did not happen by itself; of an
      intermediate, install the issuer's new one.
  [OK] smtp 587: dane-rollover, 1 of 2 TLSA records do not match: 3 1 1 matches
    nothing
    hint: Remove the old record once the old certificate is gone.
  [OK] smtp 587: surplus-certificate, CN=Stray is not needed
    hint: Take it out of the chain file; it costs bytes, not trust.
  [OK] smtp 587: address-failed, 2001:db8::25: network unreachable
    hint: Users with only that address family wait or fail; repair the address
      or take it out of DNS.
  [OK] example.test: mta-sts-testing, the policy is not enforced
    hint: Set mode enforce once the reports are clean.
facts:
  tls_version: TLSv1.3
  tls_cipher: TLS_AES_256_GCM_SHA384
  tls_group: X25519
  certificate_subject: CN=[mail].example.test
  certificate_issuer: CN=Test Intermediate
  certificate_names: mail.example.test
  certificate_serial: 0a1b
  certificate_not_before: 2026-03-22 00:00:00 UTC
  certificate_not_after: 2026-06-10 00:00:00 UTC
  certificate_key: EC P-256
  certificate_signature: ecdsa-with-SHA256
  certificate_sha256: 00ff
  greeting: mail.example.test ESMTP
  capabilities_before_tls: SIZE 1000, STARTTLS
  certificate_pin_sha256: cGlu
  chain: CN=[mail].example.test, EC P-256, ends 2026-06-10 00:00:00 UTC (-5.0
    days, 0 % left); CN=Test Intermediate, EC P-256, ends 2029-03-11 00:00:00
    UTC (1000.0 days, 27 % left); CN=Test Root, EC P-256, ends 2040-02-22
    00:00:00 UTC (5000.0 days, 68 % left)
  is_trusted: no
  forward_secrecy: yes
  staple: absent
  tls_server_seconds: 0.025
  tls_verification_seconds: 0.005
  matching_tlsa: 3 1 1 aabb
  tlsa_owner: _587._tcp.mail.example.test
  tlsa: 3 1 1 78: 3 1 1 matches the server's certificate, 3 1 1 78: 3 1 1
    matches nothing
  mta_sts_id: 1
  mta_sts_mode: testing
  mta_sts_max_age: 604800
  mta_sts_mx: mail.example.test
dialogue:
  1.0 ms S: 220 mail.example.test ESMTP
)GOLDEN");
}

TEST_CASE("a whole report reads like this in JSON") {
  const std::string text = plugin::render(full_report(), {.format = plugin::Format::json, .verbosity = 3});
  REQUIRE(text.find('\n') == text.size() - 1);
  CHECK(nlohmann::ordered_json::parse(text).dump(2) == R"GOLDEN({
  "schema": 1,
  "service": "MAIL TLS",
  "state": "WARNING",
  "code": 1,
  "summary": "smtp 587: expired, certificate ended / 5 days ago MAIL TLS OK; TLSv1.3, 0.040 s",
  "host": "mail.example.test",
  "address": "192.0.2.25",
  "port": 587,
  "steps": {
    "dns": 0.001,
    "policy": 0.004,
    "connect": 0.002,
    "tls": 0.03,
    "quit": 0.002,
    "total": 0.04
  },
  "metrics": [
    {
      "label": "cert_days",
      "value": -5,
      "unit": "",
      "warn": "20:",
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "chain_days",
      "value": -5,
      "unit": "",
      "warn": "20:",
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "lifetime_left",
      "value": 0,
      "unit": "%",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    }
  ],
  "findings": [
    {
      "name": "dane-rollover",
      "state": "OK",
      "text": "smtp 587: dane-rollover, 1 of 2 TLSA records do not match: 3 1 1 matches nothing",
      "hint": "Remove the old record once the old certificate is gone."
    },
    {
      "name": "expired",
      "state": "WARNING",
      "text": "smtp 587: expired, certificate ended / 5 days ago MAIL TLS OK",
      "hint": "Renew it, and see why the renewal did not happen by itself; of an intermediate, install the issuer's new one."
    },
    {
      "name": "surplus-certificate",
      "state": "OK",
      "text": "smtp 587: surplus-certificate, CN=Stray is not needed",
      "hint": "Take it out of the chain file; it costs bytes, not trust."
    },
    {
      "name": "address-failed",
      "state": "OK",
      "text": "smtp 587: address-failed, 2001:db8::25: network unreachable",
      "hint": "Users with only that address family wait or fail; repair the address or take it out of DNS."
    },
    {
      "name": "mta-sts-testing",
      "state": "OK",
      "text": "example.test: mta-sts-testing, the policy is not enforced",
      "hint": "Set mode enforce once the reports are clean."
    }
  ],
  "server": {
    "code": "221",
    "enhanced": "2.0.0",
    "text": "Bye"
  },
  "facts": {
    "tls_version": "TLSv1.3",
    "tls_cipher": "TLS_AES_256_GCM_SHA384",
    "tls_group": "X25519",
    "certificate_subject": "CN=[mail].example.test",
    "certificate_issuer": "CN=Test Intermediate",
    "certificate_names": [
      "mail.example.test"
    ],
    "certificate_serial": "0a1b",
    "certificate_not_before": "2026-03-22 00:00:00 UTC",
    "certificate_not_after": "2026-06-10 00:00:00 UTC",
    "certificate_key": "EC P-256",
    "certificate_signature": "ecdsa-with-SHA256",
    "certificate_sha256": "00ff",
    "greeting": "mail.example.test ESMTP",
    "capabilities_before_tls": [
      "SIZE 1000",
      "STARTTLS"
    ],
    "certificate_pin_sha256": "cGlu",
    "chain": [
      "CN=[mail].example.test, EC P-256, ends 2026-06-10 00:00:00 UTC (-5.0 days, 0 % left)",
      "CN=Test Intermediate, EC P-256, ends 2029-03-11 00:00:00 UTC (1000.0 days, 27 % left)",
      "CN=Test Root, EC P-256, ends 2040-02-22 00:00:00 UTC (5000.0 days, 68 % left)"
    ],
    "is_trusted": false,
    "forward_secrecy": true,
    "staple": "absent",
    "tls_server_seconds": 0.025,
    "tls_verification_seconds": 0.005,
    "matching_tlsa": "3 1 1 aabb",
    "tlsa_owner": "_587._tcp.mail.example.test",
    "tlsa": [
      "3 1 1 78: 3 1 1 matches the server's certificate",
      "3 1 1 78: 3 1 1 matches nothing"
    ],
    "mta_sts_id": "1",
    "mta_sts_mode": "testing",
    "mta_sts_max_age": 604800,
    "mta_sts_mx": [
      "mail.example.test"
    ]
  },
  "dialogue": [
    "1.0 ms S: 220 mail.example.test ESMTP"
  ]
})GOLDEN");
}
