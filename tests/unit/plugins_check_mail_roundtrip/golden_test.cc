// Whole reports, letter by letter: what an administrator sees, and what a program reads.
#include <nlohmann/json.hpp>

#include "plugin/render.h"
#include "unit/plugins_check_mail_roundtrip/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::mail_roundtrip::judge;
using probe::RoundtripFacts;

namespace {

// In the junk folder, late and lost ones beside it, and a server that tries to break the line.
RoundtripFacts full_facts() {
  auto facts = good_facts();
  facts.has_state = true;
  facts.pending = 1;
  facts.lost = {{.sent = ago(2h), .is_overtaken = true}};
  facts.arrivals.front().folder = "Junk | E-Mail\r\nROUNDTRIP OK - fine";
  facts.arrivals.front().is_junk = true;
  facts.arrivals.front().authentication.results.dmarc->result = "<b>fail";
  facts.arrivals.push_back(late_arrival(300s));
  facts.bounces = {delay()};
  facts.bounces.front().report.remote_host = "mx|example\ntest";
  facts.imap.alerts = {"disk | full\r\nfoo"};
  facts.submission->failed_addresses = {{"2001:db8::25", "network unreachable"}};
  facts.clean_up.faults = {"Junk: read-only"};
  facts.submission->dialogue = {"1.0 ms S: 220 ready"};
  facts.imap.dialogue = {"0.5 ms S: * OK ready"};
  return facts;
}

plugins::mail_roundtrip::Limits full_limits() {
  auto result = with_warning("spam_score", "5");
  result.thresholds.set_critical("transit", *plugin::Range::parse("60"));
  result.required = {"dmarc"};
  result.is_imap_insecure = true;
  return result;
}

std::size_t count(const std::string& text, char wanted) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), wanted));
}

}  // namespace

TEST_CASE("all well reads like this") {
  CHECK(plugin::render(judge(good_facts(), limits()), {}) ==
        "ROUNDTRIP OK - arrived after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass | smtp_dns=0.001000s "
        "smtp_connect=0.002000s smtp_greeting=0.003000s smtp_ehlo=0.002000s smtp_tls=0.030000s "
        "smtp_auth=0.004000s smtp_mail=0.001000s smtp_rcpt=0.001000s smtp_body=0.002000s smtp_data=0.040000s "
        "smtp_quit=0.001000s imap_dns=0.001000s imap_connect=0.002000s imap_tls=0.030000s "
        "imap_greeting=0.003000s imap_auth=0.020000s imap_list=0.001000s imap_select=0.001000s "
        "imap_fetch=0.002000s imap_logout=0.001000s transit=2.310000s cleanup=0.005000s total=2.600000s "
        "slowest_hop=2.000000s hops=2 spam_score=-0.1 junk=0 smtp_cert_days=60 smtp_chain_days=45 "
        "imap_cert_days=60 imap_chain_days=45\n");
}

TEST_CASE("an account that does not exist reads like this") {
  auto facts = refused_facts(Stage::rcpt, ErrorKind::unknown_recipient, "550 5.1.1", "User unknown");
  facts.submission->error->detail = "the server refuses the recipient";
  facts.submission->steps.resize(8);
  CHECK(plugin::render(judge(facts, limits()), {}) ==
        "ROUNDTRIP CRITICAL - not accepted by smtp.example.test, smtp rcpt: unknown-recipient, the server refuses the "
        "recipient: 550 "
        "5.1.1 \"User unknown\", after 0.084 s | smtp_dns=0.001000s smtp_connect=0.002000s smtp_greeting=0.003000s "
        "smtp_ehlo=0.002000s smtp_tls=0.030000s smtp_auth=0.004000s smtp_mail=0.001000s smtp_rcpt=0.001000s "
        "imap_dns=0.001000s imap_connect=0.002000s imap_tls=0.030000s imap_greeting=0.003000s "
        "imap_auth=0.020000s imap_list=0.001000s imap_select=0.001000s imap_fetch=0.002000s "
        "imap_logout=0.001000s cleanup=0.005000s total=2.600000s smtp_cert_days=60 smtp_chain_days=45 "
        "imap_cert_days=60 imap_chain_days=45\n");
}

TEST_CASE("a first run with --wait 0 and its next one read like this") {
  auto facts = pending_facts();
  facts.looked_for = 40ms;
  facts.clean_up_time.reset();
  CHECK(plugin::render(judge(facts, limits()), {.perfdata_labels = {"transit", "pending", "lost", "total"}}) ==
        "ROUNDTRIP OK - accepted, not yet in INBOX or Junk after 0.04 s, the next run looks for it | "
        "total=2.600000s pending=1 lost=0\n");
  facts.arrivals = {late_arrival(12s, 300s)};
  CHECK(plugin::render(judge(facts, limits()), {.perfdata_labels = {"transit", "pending", "lost", "total"}}) ==
        "ROUNDTRIP OK - accepted, not yet in INBOX or Junk after 0.04 s, the next run looks for it; an earlier "
        "one arrived after 12 s in INBOX; dkim pass, spf pass, dmarc pass | transit=12.000000s total=2.600000s "
        "pending=1 lost=0\n");
}

TEST_CASE("a whole report reads like this on a terminal") {
  CHECK(
      plugin::render(judge(full_facts(), full_limits()), {.verbosity = 3}) ==
      R"GOLDEN(ROUNDTRIP CRITICAL - transit is 300 s (critical range :60): the message of 2026-06-15 02:00:00 UTC; dmarc-failed, dmarc=[b]fail for example.org; lost, the message of 2026-06-15 01:00:00 UTC has not arrived, a later one has; and 3 more; arrived after 2.31 s in Junk / E-Mail ROUNDTRIP OK - fine; dkim pass, spf pass, dmarc [b]fail; IMAP certificate unverified (--insecure) | smtp_dns=0.001000s smtp_connect=0.002000s smtp_greeting=0.003000s smtp_ehlo=0.002000s smtp_tls=0.030000s smtp_auth=0.004000s smtp_mail=0.001000s smtp_rcpt=0.001000s smtp_body=0.002000s smtp_data=0.040000s smtp_quit=0.001000s imap_dns=0.001000s imap_connect=0.002000s imap_tls=0.030000s imap_greeting=0.003000s imap_auth=0.020000s imap_list=0.001000s imap_select=0.001000s imap_fetch=0.002000s imap_logout=0.001000s transit=2.310000s;;60 cleanup=0.005000s total=2.600000s slowest_hop=2.000000s hops=2 spam_score=-0.1;5 junk=1 pending=1 lost=1 smtp_cert_days=60 smtp_chain_days=45 imap_cert_days=60 imap_chain_days=45
server: smtp.example.test, address 192.0.2.25, port 587
steps:
  smtp_dns          1.0 ms    0 %
  smtp_connect      2.0 ms    0 %
  smtp_greeting     3.0 ms    0 %
  smtp_ehlo         2.0 ms    0 %
  smtp_tls         30.0 ms    1 %  #
  smtp_auth         4.0 ms    0 %
  smtp_mail         1.0 ms    0 %
  smtp_rcpt         1.0 ms    0 %
  smtp_body         2.0 ms    0 %
  smtp_data        40.0 ms    2 %  #
  smtp_quit         1.0 ms    0 %
  imap_dns          1.0 ms    0 %
  imap_connect      2.0 ms    0 %
  imap_tls         30.0 ms    1 %  #
  imap_greeting     3.0 ms    0 %
  imap_auth        20.0 ms    1 %
  imap_list         1.0 ms    0 %
  imap_select       1.0 ms    0 %
  imap_fetch        2.0 ms    0 %
  imap_logout       1.0 ms    0 %
  transit        2310.0 ms   89 %  ########################################
  cleanup           5.0 ms    0 %
  (rest)          137.0 ms    5 %  ##
  total          2600.0 ms  100 %
findings:
  [CRITICAL] threshold: transit is 300 s (critical range :60): the message of
    2026-06-15 02:00:00 UTC
    hint: The range is that of -w or -c for its label; for a time, -v shows
      which step took it.
  [CRITICAL] dmarc-failed, dmarc=[b]fail for example.org
    hint: It needs SPF or DKIM to pass for the domain of From.
  [CRITICAL] lost, the message of 2026-06-15 01:00:00 UTC has not arrived, a
    later one has
    hint: Search the log of the server that accepted it for its time.
  [WARNING] delayed by mx/example test: 451 4.4.1 Connection timed out
    (temporary)
    hint: Its queue holds mail for that destination; the reply in the line says
      why.
  [WARNING] junk: arrived after 2.31 s in Junk / E-Mail ROUNDTRIP OK - fine
    hint: The header fields of the filter say why (-vv shows the score); real
      mail may go there too.
  [WARNING] threshold: spam_score is -0.1 (warning range :5)
    hint: The range is that of -w or -c for its label; for a time, -v shows
      which step took it.
  [OK] smtp connect: address-failed, 2001:db8::25: network unreachable
    hint: Users with only that address family wait or fail; repair the address
      or take it out of DNS.
  [OK] imap alert: disk / full foo
    hint: Its words are for people; read them.
  [OK] late, the message of 2026-06-15 02:00:00 UTC arrived after 300 s in
    INBOX
    hint: Its delay counts from sending to the server's INTERNALDATE; a
      threshold on transit judges it.
  [OK] cleanup-failed, Junk: read-only
    hint: The line says why; a later run removes them.
facts:
  smtp_host: smtp.example.test
  smtp_address: 192.0.2.25
  smtp_tls_version: TLSv1.3
  smtp_tls_cipher: TLS_AES_256_GCM_SHA384
  smtp_certificate_subject: CN=smtp.example.test
  smtp_certificate_issuer: CN=Test Intermediate
  smtp_certificate_not_before: 2026-06-14 03:00:00 UTC
  smtp_certificate_not_after: 2026-08-14 03:00:00 UTC
  smtp_user: probe
  smtp_mechanism: PLAIN
  imap_host: imap.example.test
  imap_address: 192.0.2.93
  imap_tls_version: TLSv1.3
  imap_tls_cipher: TLS_AES_256_GCM_SHA384
  imap_certificate_subject: CN=imap.example.test
  imap_certificate_issuer: CN=Test Intermediate
  imap_certificate_not_before: 2026-06-14 03:00:00 UTC
  imap_certificate_not_after: 2026-08-14 03:00:00 UTC
  imap_user: probe
  imap_mechanism: PLAIN
  from_domain: example.org
  spf: pass example.org
  dkim: pass example.org s1
  dmarc: [b]fail
  dkim_alignment: strict
  spf_alignment: strict
  organizational_domain: example.org (public suffix list)
  hops: poller.example.org to smtp.example.test, smtp.example.test to
    mx.example.test
  slowest_hop: smtp.example.test to mx.example.test
  spam_header: X-Spam-Status
  spam_marked: no
  message_id: 0123.4567@example.org
  acceptance: 250 2.0.0 "Ok: queued as 4F2"
  folders: INBOX, Junk
  reports: delayed for user@example.test, status 5.1.1
  lost_messages: 2026-06-15 01:00:00 UTC
  removed: 1
  poller: poller.example.org
dialogue:
  -- smtp
  1.0 ms S: 220 ready
  -- imap
  0.5 ms S: * OK ready
)GOLDEN");
}

TEST_CASE("a whole report reads like this in JSON") {
  const std::string text =
      plugin::render(judge(full_facts(), full_limits()), {.format = plugin::Format::json, .verbosity = 3});
  REQUIRE(text.find('\n') == text.size() - 1);
  CHECK(nlohmann::ordered_json::parse(text).dump(2) == R"GOLDEN({
  "schema": 1,
  "service": "ROUNDTRIP",
  "state": "CRITICAL",
  "code": 2,
  "summary": "transit is 300 s (critical range :60): the message of 2026-06-15 02:00:00 UTC; dmarc-failed, dmarc=[b]fail for example.org; lost, the message of 2026-06-15 01:00:00 UTC has not arrived, a later one has; and 3 more; arrived after 2.31 s in Junk / E-Mail ROUNDTRIP OK - fine; dkim pass, spf pass, dmarc [b]fail; IMAP certificate unverified (--insecure)",
  "host": "smtp.example.test",
  "address": "192.0.2.25",
  "port": 587,
  "steps": {
    "smtp_dns": 0.001,
    "smtp_connect": 0.002,
    "smtp_greeting": 0.003,
    "smtp_ehlo": 0.002,
    "smtp_tls": 0.03,
    "smtp_auth": 0.004,
    "smtp_mail": 0.001,
    "smtp_rcpt": 0.001,
    "smtp_body": 0.002,
    "smtp_data": 0.04,
    "smtp_quit": 0.001,
    "imap_dns": 0.001,
    "imap_connect": 0.002,
    "imap_tls": 0.03,
    "imap_greeting": 0.003,
    "imap_auth": 0.02,
    "imap_list": 0.001,
    "imap_select": 0.001,
    "imap_fetch": 0.002,
    "imap_logout": 0.001,
    "transit": 2.31,
    "cleanup": 0.005,
    "total": 2.6
  },
  "metrics": [
    {
      "label": "slowest_hop",
      "value": 2,
      "unit": "s",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "hops",
      "value": 2,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "spam_score",
      "value": -0.1,
      "unit": "",
      "warn": "5",
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "junk",
      "value": 1,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "pending",
      "value": 1,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "lost",
      "value": 1,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "smtp_cert_days",
      "value": 60,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "smtp_chain_days",
      "value": 45,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "imap_cert_days",
      "value": 60,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    },
    {
      "label": "imap_chain_days",
      "value": 45,
      "unit": "",
      "warn": null,
      "crit": null,
      "min": null,
      "max": null
    }
  ],
  "findings": [
    {
      "name": "address-failed",
      "state": "OK",
      "text": "smtp connect: address-failed, 2001:db8::25: network unreachable",
      "hint": "Users with only that address family wait or fail; repair the address or take it out of DNS."
    },
    {
      "name": "alert",
      "state": "OK",
      "text": "imap alert: disk / full foo",
      "hint": "Its words are for people; read them."
    },
    {
      "name": "delayed",
      "state": "WARNING",
      "text": "delayed by mx/example test: 451 4.4.1 Connection timed out (temporary)",
      "hint": "Its queue holds mail for that destination; the reply in the line says why."
    },
    {
      "name": "junk",
      "state": "WARNING",
      "text": "arrived after 2.31 s in Junk / E-Mail ROUNDTRIP OK - fine",
      "hint": "The header fields of the filter say why (-vv shows the score); real mail may go there too."
    },
    {
      "name": "late",
      "state": "OK",
      "text": "late, the message of 2026-06-15 02:00:00 UTC arrived after 300 s in INBOX",
      "hint": "Its delay counts from sending to the server's INTERNALDATE; a threshold on transit judges it."
    },
    {
      "name": "threshold",
      "state": "CRITICAL",
      "text": "transit is 300 s (critical range :60): the message of 2026-06-15 02:00:00 UTC",
      "hint": "The range is that of -w or -c for its label; for a time, -v shows which step took it."
    },
    {
      "name": "dmarc-failed",
      "state": "CRITICAL",
      "text": "dmarc-failed, dmarc=[b]fail for example.org",
      "hint": "It needs SPF or DKIM to pass for the domain of From."
    },
    {
      "name": "lost",
      "state": "CRITICAL",
      "text": "lost, the message of 2026-06-15 01:00:00 UTC has not arrived, a later one has",
      "hint": "Search the log of the server that accepted it for its time."
    },
    {
      "name": "cleanup-failed",
      "state": "OK",
      "text": "cleanup-failed, Junk: read-only",
      "hint": "The line says why; a later run removes them."
    },
    {
      "name": "threshold",
      "state": "WARNING",
      "text": "spam_score is -0.1 (warning range :5)",
      "hint": "The range is that of -w or -c for its label; for a time, -v shows which step took it."
    }
  ],
  "server": {
    "code": "221",
    "enhanced": "2.0.0",
    "text": "Bye"
  },
  "facts": {
    "smtp_host": "smtp.example.test",
    "smtp_address": "192.0.2.25",
    "smtp_tls_version": "TLSv1.3",
    "smtp_tls_cipher": "TLS_AES_256_GCM_SHA384",
    "smtp_certificate_subject": "CN=smtp.example.test",
    "smtp_certificate_issuer": "CN=Test Intermediate",
    "smtp_certificate_not_before": "2026-06-14 03:00:00 UTC",
    "smtp_certificate_not_after": "2026-08-14 03:00:00 UTC",
    "smtp_user": "probe",
    "smtp_mechanism": "PLAIN",
    "imap_host": "imap.example.test",
    "imap_address": "192.0.2.93",
    "imap_tls_version": "TLSv1.3",
    "imap_tls_cipher": "TLS_AES_256_GCM_SHA384",
    "imap_certificate_subject": "CN=imap.example.test",
    "imap_certificate_issuer": "CN=Test Intermediate",
    "imap_certificate_not_before": "2026-06-14 03:00:00 UTC",
    "imap_certificate_not_after": "2026-08-14 03:00:00 UTC",
    "imap_user": "probe",
    "imap_mechanism": "PLAIN",
    "from_domain": "example.org",
    "spf": "pass example.org",
    "dkim": [
      "pass example.org s1"
    ],
    "dmarc": "[b]fail",
    "dkim_alignment": "strict",
    "spf_alignment": "strict",
    "organizational_domain": "example.org (public suffix list)",
    "hops": [
      "poller.example.org to smtp.example.test",
      "smtp.example.test to mx.example.test"
    ],
    "slowest_hop": "smtp.example.test to mx.example.test",
    "spam_header": "X-Spam-Status",
    "spam_marked": false,
    "message_id": "0123.4567@example.org",
    "acceptance": "250 2.0.0 \"Ok: queued as 4F2\"",
    "folders": [
      "INBOX",
      "Junk"
    ],
    "reports": [
      "delayed for user@example.test, status 5.1.1"
    ],
    "lost_messages": [
      "2026-06-15 01:00:00 UTC"
    ],
    "removed": 1,
    "poller": "poller.example.org"
  },
  "dialogue": [
    "-- smtp",
    "1.0 ms S: 220 ready",
    "-- imap",
    "0.5 ms S: * OK ready"
  ]
})GOLDEN");
}

TEST_CASE("no text of a server, of DNS or of a message breaks the line, or fills it") {
  const std::string bad = "a|b\r\nROUNDTRIP OK - c | d=1;;;\x1b[31m<i>\xff" + std::string(3'000'000, 'x');
  auto facts = full_facts();
  facts.folders = {bad, bad};
  facts.junk_fault = bad;
  facts.bounce_fault = bad;
  facts.clean_up.faults = {bad};
  facts.set_aside = bad;
  facts.imap.alerts = {bad};
  facts.imap.tls->faults = {{ErrorKind::expired, bad}};
  facts.submission->replies.back().text = bad;
  facts.submission->quirks = {bad};
  facts.arrivals.front().path.hops.front().from = bad;
  facts.arrivals.front().path.slowest->by = bad;
  facts.bounces.front().report.reply = bad;
  facts.bounces.front().report.remote_host = bad;
  facts.bounces.front().report.recipient = bad;
  auto& authentication = facts.arrivals.front().authentication;
  authentication.from_domain = bad;
  authentication.alignment = {};
  authentication.results.spf->result = bad;
  authentication.results.dkim.assign(50, {.result = bad, .domain = bad, .selector = bad});
  authentication.results.dmarc->from_domain = bad;
  authentication.results.untrusted_ids = {bad};
  authentication.organizational_domain.domain_by_list = bad;
  authentication.dmarc_policy =
      authentication::DmarcPolicy{.is_found = true, .at = bad, .policy = "none", .detail = bad};
  auto limit = full_limits();
  limit.required = {"spf", "dkim", "dmarc"};
  limit.alignment = mail::AlignmentMode::relaxed;
  auto unseen = facts;
  unseen.arrivals.clear();
  auto refused = unseen;
  refused.may_have_arrived = false;
  refused.submission->is_delivered = false;
  refused.submission->block_list = bad;
  refused.submission->error = base::Error{Stage::rcpt, ErrorKind::greylisted, bad, bad, bad, true};
  auto blind = unseen;
  blind.imap.error = base::Error{Stage::auth, ErrorKind::auth_failed, bad, bad, bad, true};
  for (const RoundtripFacts& one : {facts, unseen, refused, blind}) {
    const auto report = judge(one, limit);
    const std::string text = plugin::render(report, {.verbosity = 2});
    const std::string line = text.substr(0, text.find('\n'));
    CHECK(line.size() < 2200);
    CHECK(line.starts_with("ROUNDTRIP CRITICAL - ") == (plugin::status(report) == Status::critical));
    CHECK(count(text, '|') == 1);
    CHECK(line.find('|') != std::string::npos);
    CHECK(text.find("\nROUNDTRIP") == std::string::npos);
    CHECK(text.find_first_of("\x1b<>\xff\r") == std::string::npos);
    const auto json = nlohmann::json::parse(plugin::render(report, {.format = plugin::Format::json}));
    CHECK(json["summary"].get<std::string>().size() < 700);
    for (const auto& each : json["findings"]) CHECK(each["text"].get<std::string>().size() < 5000);
  }
}
