// Facts of surveys as the probe gives them, for the tests of judge: mail.example.test, port 587, where all is well.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "plugins/check_mail_tls/judge.h"
#include "support/catch2.h"

namespace mailcheck::test {

inline const base::WallTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15);

inline base::WallTime in_days(double days) {
  return kNow + std::chrono::seconds(static_cast<long long>(days * 86400));
}

// Of that many days, `left` before it.
inline tls::Certificate sample_certificate(std::string subject, double lifetime, double left) {
  tls::Certificate certificate;
  certificate.subject = std::move(subject);
  certificate.issuer = "CN=Test Intermediate";
  certificate.serial = "0a1b";
  certificate.dns_names = {"mail.example.test"};
  certificate.not_before = in_days(left - lifetime);
  certificate.not_after = in_days(left);
  certificate.key = "EC P-256";
  certificate.signature_algorithm = "ecdsa-with-SHA256";
  certificate.sha256 = "00ff";
  certificate.public_key_sha256 = "cGlu";
  return certificate;
}

// 60 of 80 days left, below an authority of ten years.
inline std::vector<tls::Certificate> sample_chain() {
  return {sample_certificate("CN=mail.example.test", 80, 60), sample_certificate("CN=Test Intermediate", 3650, 1000),
          sample_certificate("CN=Test Root", 7300, 5000)};
}

inline tls::SurveyFacts good_survey() {
  tls::SurveyFacts survey;
  survey.suite = {.is_forward_secret = true, .has_encryption = true, .strength_bits = 256, .group_bits = 253};
  survey.matching_tlsa = "3 1 1 aabb";
  survey.verification = std::chrono::milliseconds(5);
  return survey;
}

inline probe::TlsLook good_look(std::string address = "192.0.2.25") {
  using namespace std::chrono_literals;
  using base::Stage;
  probe::TlsLook look;
  look.session.host = "mail.example.test";
  look.session.port = 587;
  look.session.address = std::move(address);
  look.session.steps = {{Stage::connect, 2ms},  {Stage::greeting, 3ms}, {Stage::ehlo, 1ms},
                        {Stage::starttls, 1ms}, {Stage::tls, 30ms},     {Stage::quit, 2ms}};
  look.session.total = 39ms;
  look.session.now = kNow;
  look.session.reply_code = "221";
  look.session.reply_enhanced = "2.0.0";
  look.session.reply_text = "Bye";
  look.session.tls.emplace();
  look.session.tls->version = "TLSv1.3";
  look.session.tls->cipher = "TLS_AES_256_GCM_SHA384";
  look.session.tls->group = "X25519";
  look.session.tls->verified_chain = sample_chain();
  look.session.tls->sent_chain = {look.session.tls->verified_chain[0], look.session.tls->verified_chain[1]};
  look.session.tls->survey = good_survey();
  look.greeting = "mail.example.test ESMTP";
  look.capabilities = {"SIZE 1000", "STARTTLS"};
  return look;
}

inline probe::TlsTarget good_target(std::string host = "mail.example.test") {
  probe::TlsTarget target;
  target.host = std::move(host);
  target.port = 587;
  target.looks = {good_look()};
  target.looks.front().session.host = target.host;
  return target;
}

inline probe::TlsSurveyFacts good_facts() {
  using namespace std::chrono_literals;
  probe::TlsSurveyFacts facts;
  facts.targets = {good_target()};
  facts.steps = {{base::Stage::dns, 1ms}};
  for (const auto& step : facts.targets.front().looks.front().session.steps) facts.steps.push_back(step);
  facts.total = 40ms;
  facts.now = kNow;
  facts.resolver = "the fake";
  facts.is_resolver_local = true;
  return facts;
}

inline probe::TlsLook& first_look(probe::TlsSurveyFacts& facts) {
  return facts.targets.front().looks.front();
}
inline tls::SessionFacts& first_session(probe::TlsSurveyFacts& facts) {
  return *first_look(facts).session.tls;
}
inline tls::SurveyFacts& first_survey(probe::TlsSurveyFacts& facts) {
  return *first_session(facts).survey;
}
inline void replace_leaf(probe::TlsLook& look, const tls::Certificate& leaf) {
  look.session.tls->sent_chain.front() = leaf;
  look.session.tls->verified_chain.front() = leaf;
}

// The connection failed there; before the handshake there is nothing of TLS.
inline void fail(probe::TlsLook& look, base::Stage stage, base::ErrorKind kind, std::string detail = "our words") {
  look.session.error = base::Error{stage, kind, std::move(detail)};
  if (stage != base::Stage::quit) look.session.tls.reset();
}

inline plugins::mail_tls::Limits limits() {
  plugins::mail_tls::Limits result;
  result.service = "smtp";
  return result;
}
inline plugins::mail_tls::Limits with_result(plugins::mail_tls::Limits limits, std::string_view name,
                                             plugin::Status state) {
  limits.findings = plugins::Findings({{std::string(name), state}});
  return limits;
}
inline plugin::Range range(std::string_view text) {
  return *plugin::Range::parse(text);
}

// The names of the findings, in order; of the others all that are not OK.
inline std::vector<std::string> names(const plugin::Report& report) {
  std::vector<std::string> result;
  for (const auto& finding : report.findings) result.push_back(finding.name);
  return result;
}
inline std::vector<std::string> alarms(const plugin::Report& report) {
  std::vector<std::string> result;
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
inline const plugin::Metric* metric(const plugin::Report& report, std::string_view label) {
  const auto found = std::find_if(report.metrics.begin(), report.metrics.end(),
                                  [&](const plugin::Metric& one) { return one.label == label; });
  return found == report.metrics.end() ? nullptr : &*found;
}
// Its words, several with ", " between them; "" if there is none.
inline std::string fact(const plugin::Report& report, std::string_view name) {
  const auto found =
      std::find_if(report.facts.begin(), report.facts.end(), [&](const plugin::Fact& one) { return one.name == name; });
  if (found == report.facts.end()) return {};
  if (const auto* text = std::get_if<std::string>(&found->value)) return *text;
  if (const auto* is_so = std::get_if<bool>(&found->value)) return *is_so ? "yes" : "no";
  if (const auto* number = std::get_if<double>(&found->value)) return std::to_string(*number);
  std::string all;
  for (const auto& text : std::get<std::vector<std::string>>(found->value)) all += (all.empty() ? "" : ", ") + text;
  return all;
}

// What DNS says of a target with --dane: secure records, and what became of them in the handshake.
inline void publish(probe::TlsTarget& target, std::vector<tls::DaneRecordFacts> records) {
  policy::TlsaAnswer answer{
      .status = policy::TlsaAnswer::Status::found, .owner = "_587._tcp.mail.example.test", .base = "mail.example.test"};
  tls::DaneFacts dane;
  for (auto& record : records) {
    answer.records.push_back(record.tlsa);
    const bool is_match = record.result == tls::DaneRecordFacts::Result::matched;
    dane.is_authenticated = dane.is_authenticated || is_match;
    if (is_match || dane.detail.empty()) dane.detail = record.detail;
  }
  dane.records = std::move(records);
  target.tlsa = std::move(answer);
  for (probe::TlsLook& look : target.looks) {
    if (look.session.tls && look.session.tls->survey) look.session.tls->survey->dane = dane;
  }
}
inline tls::DaneRecordFacts record(tls::DaneRecordFacts::Result result, std::string detail) {
  return {
      .tlsa = {.usage = 3, .selector = 1, .matching = 1, .data = "x"}, .result = result, .detail = std::move(detail)};
}
inline tls::DaneRecordFacts matching_record() {
  return record(tls::DaneRecordFacts::Result::matched, "3 1 1 matches the server's certificate");
}
inline tls::DaneRecordFacts missing_record() {
  return record(tls::DaneRecordFacts::Result::not_matched, "3 1 1 matches nothing");
}

}  // namespace mailcheck::test
