// Facts of round trips as the probe gives them, for the tests of judge: the message was accepted by smtp.example.test,
// port 587, and arrived in INBOX at imap.example.test, port 993, after 2.31 s.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "plugins/check_mail_roundtrip/judge.h"
#include "support/catch2.h"

namespace mailcheck::test {

using Names = std::vector<std::string>;

inline const base::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15) + std::chrono::hours(3);

inline base::WallTime ago(std::chrono::seconds age) {
  return kNow - age;
}

inline tls::SessionFacts sample_tls(const std::string& host) {
  tls::SessionFacts session;
  session.version = "TLSv1.3";
  session.cipher = "TLS_AES_256_GCM_SHA384";
  tls::Certificate leaf;
  leaf.subject = "CN=" + host;
  leaf.issuer = "CN=Test Intermediate";
  leaf.not_before = kNow - std::chrono::hours(24);
  leaf.not_after = kNow + std::chrono::hours(24 * 60);
  tls::Certificate intermediate = leaf;
  intermediate.subject = "CN=Test Intermediate";
  intermediate.not_after = kNow + std::chrono::hours(24 * 45);
  session.sent_chain = {leaf, intermediate};
  session.verified_chain = session.sent_chain;
  return session;
}

inline void reach(probe::SessionFacts& facts, const std::string& host, std::uint16_t port) {
  facts.host = host;
  facts.port = port;
  facts.now = kNow;
  facts.total = std::chrono::milliseconds(84);
  facts.tls = sample_tls(host);
}

inline probe::SmtpSubmitFacts accepted_submission() {
  using namespace std::chrono_literals;
  using base::Stage;
  probe::SmtpSubmitFacts facts;
  reach(facts, "smtp.example.test", 587);
  facts.address = "192.0.2.25";
  facts.steps = {{Stage::dns, 1ms},  {Stage::connect, 2ms}, {Stage::greeting, 3ms}, {Stage::ehlo, 2ms},
                 {Stage::tls, 30ms}, {Stage::auth, 4ms},    {Stage::mail, 1ms},     {Stage::rcpt, 1ms},
                 {Stage::body, 2ms}, {Stage::data, 40ms},   {Stage::quit, 1ms}};
  facts.mechanism = "PLAIN";
  facts.is_logged_in = true;
  facts.is_envelope_accepted = true;
  facts.is_delivered = true;
  facts.replies = {
      {.stage = Stage::rcpt, .code = 250, .enhanced = "2.1.5", .text = "Ok", .recipient = "u@example.test", .kind = {}},
      {.stage = Stage::data,
       .code = 250,
       .enhanced = "2.0.0",
       .text = "Ok: queued as 4F2",
       .recipient = {},
       .kind = {}}};
  facts.reply_code = "221";
  facts.reply_enhanced = "2.0.0";
  facts.reply_text = "Bye";
  return facts;
}

inline probe::ImapLoginFacts watched_mailbox() {
  using namespace std::chrono_literals;
  using base::Stage;
  probe::ImapLoginFacts facts;
  reach(facts, "imap.example.test", 993);
  facts.address = "192.0.2.93";
  facts.steps = {{Stage::dns, 1ms},      {Stage::connect, 2ms}, {Stage::tls, 30ms},
                 {Stage::greeting, 3ms}, {Stage::auth, 20ms},   {Stage::list, 1ms},
                 {Stage::select, 1ms},   {Stage::fetch, 2ms},   {Stage::logout, 1ms}};
  facts.mechanism = "PLAIN";
  facts.is_logged_in = true;
  facts.reply_code = "OK";
  facts.reply_text = "Logout completed";
  return facts;
}

// By the word of mx.example.test, whom the user trusts.
inline probe::ArrivalAuthentication good_authentication() {
  using mail::Alignment;
  probe::ArrivalAuthentication authentication;
  authentication.results.spf = mail::SpfResult{.result = "pass", .identity = "mailfrom", .domain = "example.org"};
  authentication.results.dkim = {{.result = "pass", .domain = "example.org", .selector = "s1"}};
  authentication.results.dmarc = mail::DmarcResult{.result = "pass", .from_domain = "example.org", .policy = "reject"};
  authentication.results.has_trusted = true;
  authentication.from_domain = "example.org";
  authentication.alignment = {.dkim = Alignment::strict, .spf = Alignment::strict};
  authentication.organizational_domain = {.domain = "example.org", .domain_by_list = "example.org"};
  return authentication;
}

inline probe::Arrival good_arrival() {
  using namespace std::chrono_literals;
  probe::Arrival arrival;
  arrival.folder = "INBOX";
  arrival.sent = ago(3s);
  arrival.received = ago(1s);
  arrival.delay = 2310ms;
  arrival.has_header = true;
  arrival.path.hops = {{.from = "poller.example.org", .by = "smtp.example.test"},
                       {.from = "smtp.example.test", .by = "mx.example.test"}};
  arrival.path.slowest = mail::HopDelay{.from = "smtp.example.test", .by = "mx.example.test", .duration = 2s};
  arrival.spam = mail::SpamScore{.score = -0.1, .header = "X-Spam-Status"};
  arrival.authentication = good_authentication();
  return arrival;
}

inline probe::RoundtripFacts good_facts() {
  using namespace std::chrono_literals;
  probe::RoundtripFacts facts;
  facts.imap = watched_mailbox();
  facts.submission = accepted_submission();
  facts.message_id = "0123.4567@example.org";
  facts.may_have_arrived = true;
  facts.looked_for = 2400ms;
  facts.arrivals = {good_arrival()};
  facts.folders = {"INBOX", "Junk"};
  facts.clean_up.removed = 1;
  facts.clean_up_time = 5ms;
  facts.total = 2600ms;
  facts.now = kNow;
  return facts;
}

// Accepted, and nothing arrived.
inline probe::RoundtripFacts unseen_facts() {
  using namespace std::chrono_literals;
  probe::RoundtripFacts facts = good_facts();
  facts.arrivals.clear();
  facts.looked_for = 45s;
  facts.clean_up.removed = 0;
  return facts;
}

// The same with --state-dir: the next run goes on looking.
inline probe::RoundtripFacts pending_facts() {
  probe::RoundtripFacts facts = unseen_facts();
  facts.looked_for = std::chrono::seconds(3);
  facts.has_state = true;
  facts.is_kept_as_pending = true;
  facts.pending = 1;
  return facts;
}

// A message of an earlier run, found in this one.
inline probe::Arrival late_arrival(std::chrono::seconds delay, std::chrono::seconds age = std::chrono::hours(1)) {
  probe::Arrival arrival = good_arrival();
  arrival.is_of_this_run = false;
  arrival.sent = ago(age);
  arrival.received = arrival.sent + delay;
  arrival.delay = delay;
  return arrival;
}

// The server answered the step with a refusal, so that nothing was accepted.
inline probe::RoundtripFacts refused_facts(base::Stage stage, base::ErrorKind kind, std::string code,
                                           std::string text) {
  probe::RoundtripFacts facts = unseen_facts();
  facts.may_have_arrived = false;
  facts.looked_for = {};
  facts.submission->is_delivered = false;
  facts.submission->replies.clear();
  facts.submission->error = base::Error{stage, kind, "our words", std::move(text), std::move(code), true};
  return facts;
}

// The connection was lost after the final dot.
inline probe::RoundtripFacts without_reply(probe::RoundtripFacts facts) {
  facts.submission->is_delivered = false;
  facts.submission->replies.pop_back();
  facts.submission->error =
      base::Error{base::Stage::data, base::ErrorKind::delivery_unknown,
                  "the connection was lost after the final dot, so that nobody knows whether the message was taken"};
  return facts;
}

// Nobody could look, so that nothing was sent.
inline probe::RoundtripFacts blind_facts(base::Stage stage, base::ErrorKind kind) {
  probe::RoundtripFacts facts = unseen_facts();
  facts.submission.reset();
  facts.may_have_arrived = false;
  facts.folders.clear();
  facts.clean_up_time.reset();
  facts.imap.error = base::Error{stage, kind, "our words", "their words", "NO", true};
  return facts;
}

inline probe::Bounce bounce(mail::DeliveryReport::Action action, std::string reply, base::ErrorKind kind) {
  probe::Bounce bounce;
  bounce.sent = ago(std::chrono::seconds(3));
  bounce.report.action = action;
  bounce.report.recipient = "user@example.test";
  bounce.report.status = "5.1.1";
  bounce.report.reply = std::move(reply);
  bounce.report.remote_host = "mx.example.test";
  bounce.kind = kind;
  return bounce;
}
inline probe::Bounce failure() {
  return bounce(mail::DeliveryReport::Action::failed, "550 5.1.1 No such user", base::ErrorKind::unknown_recipient);
}
inline probe::Bounce delay() {
  return bounce(mail::DeliveryReport::Action::delayed, "451 4.4.1 Connection timed out", base::ErrorKind::temporary);
}

inline plugins::mail_roundtrip::Limits limits() {
  plugins::mail_roundtrip::Limits result;
  result.smtp_user = "probe";
  result.imap_user = "probe";
  result.greylist_tolerance = std::chrono::seconds(1800);
  result.poller = "poller.example.org";
  return result;
}
inline plugins::mail_roundtrip::Limits with_result(plugins::mail_roundtrip::Limits limits, std::string_view name,
                                                   plugin::Status state) {
  limits.findings = plugins::Findings({{std::string(name), state}});
  return limits;
}
inline plugins::mail_roundtrip::Limits with_warning(std::string_view label, std::string_view range) {
  plugins::mail_roundtrip::Limits result = limits();
  result.thresholds.set_warning(label, *plugin::Range::parse(range));
  return result;
}

// The names of the findings, in order; of the others all that are not OK.
inline Names names(const plugin::Report& report) {
  Names result;
  for (const auto& finding : report.findings) result.push_back(finding.name);
  return result;
}
inline Names alarms(const plugin::Report& report) {
  Names result;
  for (const auto& finding : report.findings) {
    if (finding.status != plugin::Status::ok) result.push_back(finding.name);
  }
  return result;
}
// The first of that name; an empty one if there is none.
inline plugin::Finding finding(const plugin::Report& report, std::string_view name) {
  const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                  [&](const plugin::Finding& one) { return one.name == name; });
  return found == report.findings.end() ? plugin::Finding{} : *found;
}
// A step or another number; nullptr if there is none.
inline const plugin::Metric* metric(const plugin::Report& report, std::string_view label) {
  for (const auto* all : {&report.steps, &report.metrics}) {
    const auto found = std::find_if(all->begin(), all->end(), [&](const auto& one) { return one.label == label; });
    if (found != all->end()) return &*found;
  }
  return nullptr;
}
inline std::vector<std::string> labels_of(const plugin::Report& report) {
  std::vector<std::string> labels;
  for (const auto& step : report.steps) labels.push_back(step.label);
  for (const auto& one : report.metrics) labels.push_back(one.label);
  return labels;
}
// Its words, several with "; " between them; "" if there is none.
inline std::string fact(const plugin::Report& report, std::string_view name) {
  const auto found =
      std::find_if(report.facts.begin(), report.facts.end(), [&](const plugin::Fact& one) { return one.name == name; });
  if (found == report.facts.end()) return {};
  if (const auto* text = std::get_if<std::string>(&found->value)) return *text;
  if (const auto* is_so = std::get_if<bool>(&found->value)) return *is_so ? "yes" : "no";
  if (const auto* number = std::get_if<double>(&found->value)) return std::to_string(*number);
  std::string all;
  for (const auto& text : std::get<std::vector<std::string>>(found->value)) all += (all.empty() ? "" : "; ") + text;
  return all;
}

}  // namespace mailcheck::test
