// One whole report in both forms, letter by letter: what an administrator sees, and what a program reads.
#include <nlohmann/json.hpp>

#include "plugin/render.h"
#include "unit/plugins_check_imap_login/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using plugins::imap_login::judge;

namespace {

// A session with everything in it, one number out of its range, and a server that tries to break the line.
plugin::Report full_report() {
  auto facts = good_facts();
  facts.failed_addresses = {{"2001:db8::7", "network unreachable"}};
  facts.unseen = 120;
  facts.newest_age = 90s;
  facts.quota = {{"user", "STORAGE", 512, 1024}};
  facts.alerts = {"[ALERT] disk | <full>\r\nIMAP OK - fine"};
  imap::Message message{.sequence = 12, .uid = 40, .size = 512, .received = kNow, .header = {}};
  message.header = "From: a@example.test\r\nSubject: two\r\n lines\r\n\r\n";
  facts.newest_messages = {message};
  facts.dialogue = {"      1.0 ms S: * OK ready"};
  auto allowed = limits();
  allowed.thresholds.set_warning("unseen", range("100"));
  allowed.thresholds.set_critical("unseen", range("1000"));
  allowed.thresholds.set_warning("cert_days", range("30:"));
  return judge(facts, allowed);
}

}  // namespace

TEST_CASE("a whole report reads like this on a terminal") {
  CHECK(
      plugin::render(full_report(), {.verbosity = 3}) ==
      R"GOLDEN(IMAP WARNING - unseen is 120 (warning range :100); imap.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 120 unseen, newest 90 s old, 0.084 s, "[ALERT] disk / [full] IMAP OK - fine" | dns=0.001000s connect=0.002000s tls=0.030000s greeting=0.003000s capability=0.001000s auth=0.040000s select=0.005000s logout=0.002000s total=0.084000s cert_days=60;30: chain_days=45 messages=12;;;0 unseen=120;100;1000;0 newest_age=90.000000s;;;0 quota_storage=50% quota_storage_bytes=524288B;;;0;1048576
server: imap.example.test, address 192.0.2.7, port 993
steps:
  dns          1.0 ms    1 %  #
  connect      2.0 ms    2 %  ##
  tls         30.0 ms   36 %  ##############################
  greeting     3.0 ms    4 %  ###
  capability   1.0 ms    1 %  #
  auth        40.0 ms   48 %  ########################################
  select       5.0 ms    6 %  #####
  logout       2.0 ms    2 %  ##
  total       84.0 ms  100 %
findings:
  [WARNING] threshold: unseen is 120 (warning range :100)
    hint: The range is that of -w or -c for its label; for a time, -v shows
      which step took it.
  [OK] connect: address-failed, 2001:db8::7: network unreachable
    hint: Users with only that address family wait or fail; repair the address
      or take it out of DNS.
  [OK] alert: [ALERT] disk / [full] IMAP OK - fine
    hint: Its words are for people; read them.
facts:
  tls_version: TLSv1.3
  tls_cipher: TLS_AES_256_GCM_SHA384
  tls_group: X25519
  certificate_subject: CN=imap.example.test
  certificate_issuer: CN=Test Intermediate
  certificate_names: imap.example.test
  certificate_serial: 0a1b
  certificate_not_before: 2026-06-14 00:00:00 UTC
  certificate_not_after: 2026-08-14 00:00:00 UTC
  certificate_key: EC P-256
  certificate_signature: ecdsa-with-SHA256
  certificate_sha256: 00ff
  greeting: * OK ready
  capabilities: IMAP4rev1, IDLE, QUOTA
  mechanism: PLAIN
  uidvalidity: 7
  uidnext: 13
  newest_messages: 40: From: a@example.test; Subject: two lines
dialogue:
  1.0 ms S: * OK ready
)GOLDEN");
}

TEST_CASE("a whole report reads like this in JSON") {
  const std::string text = plugin::render(full_report(), {.format = plugin::Format::json, .verbosity = 3});
  REQUIRE(text.find('\n') == text.size() - 1);
  CHECK(nlohmann::ordered_json::parse(text).dump(2) == R"GOLDEN({
  "schema": 1,
  "service": "IMAP",
  "state": "WARNING",
  "code": 1,
  "summary": "unseen is 120 (warning range :100); imap.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 120 unseen, newest 90 s old, 0.084 s, \"[ALERT] disk / [full] IMAP OK - fine\"",
  "host": "imap.example.test",
  "address": "192.0.2.7",
  "port": 993,
  "steps": {
    "dns": 0.001,
    "connect": 0.002,
    "tls": 0.03,
    "greeting": 0.003,
    "capability": 0.001,
    "auth": 0.04,
    "select": 0.005,
    "logout": 0.002,
    "total": 0.084
  },
  "metrics": [
    {
      "label": "cert_days",
      "value": 60,
      "unit": "",
      "warn": "30:",
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "chain_days",
      "value": 45,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "messages",
      "value": 12,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": 0,
      "max": null
    },
    {
      "label": "unseen",
      "value": 120,
      "unit": "",
      "warn": "100",
      "crit": "1000",
      "min": 0,
      "max": null
    },
    {
      "label": "newest_age",
      "value": 90,
      "unit": "s",
      "warn": null,
      "crit": null,
      "min": 0,
      "max": null
    },
    {
      "label": "quota_storage",
      "value": 50,
      "unit": "%",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "quota_storage_bytes",
      "value": 524288,
      "unit": "B",
      "warn": null,
      "crit": null,
      "min": 0,
      "max": 1048576
    }
  ],
  "findings": [
    {
      "name": "address-failed",
      "state": "OK",
      "text": "connect: address-failed, 2001:db8::7: network unreachable",
      "hint": "Users with only that address family wait or fail; repair the address or take it out of DNS."
    },
    {
      "name": "alert",
      "state": "OK",
      "text": "alert: [ALERT] disk / [full] IMAP OK - fine",
      "hint": "Its words are for people; read them."
    },
    {
      "name": "threshold",
      "state": "WARNING",
      "text": "unseen is 120 (warning range :100)",
      "hint": "The range is that of -w or -c for its label; for a time, -v shows which step took it."
    }
  ],
  "server": {
    "code": "OK",
    "enhanced": "READ-ONLY",
    "text": "Examine completed"
  },
  "facts": {
    "tls_version": "TLSv1.3",
    "tls_cipher": "TLS_AES_256_GCM_SHA384",
    "tls_group": "X25519",
    "certificate_subject": "CN=imap.example.test",
    "certificate_issuer": "CN=Test Intermediate",
    "certificate_names": [
      "imap.example.test"
    ],
    "certificate_serial": "0a1b",
    "certificate_not_before": "2026-06-14 00:00:00 UTC",
    "certificate_not_after": "2026-08-14 00:00:00 UTC",
    "certificate_key": "EC P-256",
    "certificate_signature": "ecdsa-with-SHA256",
    "certificate_sha256": "00ff",
    "greeting": "* OK ready",
    "capabilities": [
      "IMAP4rev1",
      "IDLE",
      "QUOTA"
    ],
    "mechanism": "PLAIN",
    "uidvalidity": 7,
    "uidnext": 13,
    "newest_messages": [
      "40: From: a@example.test; Subject: two lines"
    ]
  },
  "dialogue": [
    "1.0 ms S: * OK ready"
  ]
})GOLDEN");
}

TEST_CASE("a failed session reads like this") {
  auto facts = failed_facts(base::Stage::auth, base::ErrorKind::auth_failed, "Authentication failed.");
  facts.error->detail = "user name or password refused";
  facts.error->peer_code = "NO [AUTHENTICATIONFAILED]";
  facts.steps.resize(6);
  const auto report = judge(facts, limits());
  CHECK(
      plugin::render(report, {}) ==
      R"GOLDEN(IMAP CRITICAL - auth: auth-failed, user name or password refused: NO [AUTHENTICATIONFAILED] "Authentication failed.", after 0.084 s | dns=0.001000s connect=0.002000s tls=0.030000s greeting=0.003000s capability=0.001000s auth=0.040000s total=0.084000s cert_days=60 chain_days=45
)GOLDEN");
}
