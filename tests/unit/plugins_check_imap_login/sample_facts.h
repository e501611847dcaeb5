// Facts of IMAP sessions as the probe gives them, for the tests of judge.
#pragma once

#include "plugins/check_imap_login/judge.h"
#include "support/catch2.h"

namespace mailcheck::test {

inline const base::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15);

inline tls::Certificate sample_certificate(std::string subject, std::chrono::hours left) {
  tls::Certificate certificate;
  certificate.subject = std::move(subject);
  certificate.issuer = "CN=Test Intermediate";
  certificate.serial = "0a1b";
  certificate.dns_names = {"imap.example.test"};
  certificate.not_before = kNow - std::chrono::hours(24);
  certificate.not_after = kNow + left;
  certificate.key = "EC P-256";
  certificate.signature_algorithm = "ecdsa-with-SHA256";
  certificate.sha256 = "00ff";
  return certificate;
}

// Up to the opened mailbox, over TLS, all well.
inline probe::ImapLoginFacts good_facts() {
  using namespace std::chrono_literals;
  using base::Stage;
  probe::ImapLoginFacts facts;
  facts.host = "imap.example.test";
  facts.port = 993;
  facts.address = "192.0.2.7";
  facts.steps = {{Stage::dns, 1ms},        {Stage::connect, 2ms}, {Stage::tls, 30ms},   {Stage::greeting, 3ms},
                 {Stage::capability, 1ms}, {Stage::auth, 40ms},   {Stage::select, 5ms}, {Stage::logout, 2ms}};
  facts.total = 84ms;
  facts.now = kNow;
  facts.tls.emplace();
  facts.tls->version = "TLSv1.3";
  facts.tls->cipher = "TLS_AES_256_GCM_SHA384";
  facts.tls->group = "X25519";
  facts.tls->sent_chain = {sample_certificate("CN=imap.example.test", 24h * 60)};
  facts.tls->verified_chain = {facts.tls->sent_chain[0], sample_certificate("CN=Test Intermediate", 24h * 45)};
  facts.reply_code = "OK";
  facts.reply_enhanced = "READ-ONLY";
  facts.reply_text = "Examine completed";
  facts.greeting = "* OK ready";
  facts.capabilities = {"IMAP4rev1", "IDLE", "QUOTA"};
  facts.mechanism = "PLAIN";
  facts.is_logged_in = true;
  facts.mailbox = imap::Mailbox{.messages = 12, .uid_validity = 7, .uid_next = 13, .is_read_only = true};
  return facts;
}

// The same up to a failure at that step.
inline probe::ImapLoginFacts failed_facts(base::Stage stage, base::ErrorKind kind, std::string peer_text = {}) {
  auto facts = good_facts();
  facts.error = base::Error{stage, kind, "our words", std::move(peer_text)};
  facts.is_logged_in = false;
  facts.mailbox.reset();
  return facts;
}

inline plugins::imap_login::Limits limits() {
  plugins::imap_login::Limits result;
  result.user = "probe";
  result.mailbox = "INBOX";
  return result;
}

inline plugin::Range range(std::string_view text) {
  return *plugin::Range::parse(text);
}

// The names of the findings, in order.
inline std::vector<std::string> names(const plugin::Report& report) {
  std::vector<std::string> result;
  for (const auto& finding : report.findings) result.push_back(finding.name);
  return result;
}

inline std::vector<std::string> labels(const plugin::Report& report) {
  std::vector<std::string> result;
  for (const auto& metric : report.steps) result.push_back(metric.label);
  for (const auto& metric : report.metrics) result.push_back(metric.label);
  return result;
}

}  // namespace mailcheck::test
