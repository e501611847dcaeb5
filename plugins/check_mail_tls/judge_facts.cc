#include "plugins/check_mail_tls/judge_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plugins/check_mail_tls/judge_days.h"
#include "plugins/check_mail_tls/judge_look.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_tls {
namespace {

std::string in_words(const tls::Certificate& certificate, base::WallTime now) {
  return fmt::format("{}, {}, ends {} ({:.1f} days, {} % left)", certificate.subject, certificate.key,
                     utc(certificate.not_after), days_between(now, certificate.not_after),
                     static_cast<int>(lifetime_left(certificate, now)));
}

std::string_view in_words(tls::StapleFacts::Status status) {
  using Staple = tls::StapleFacts::Status;
  switch (status) {
    case Staple::absent: return "absent";
    case Staple::good: return "good";
    case Staple::revoked: return "revoked";
    case Staple::unknown_certificate: return "unknown";
    case Staple::stale: return "stale";
    case Staple::invalid: return "invalid";
  }
  return "";
}

}  // namespace

void add_look_facts(plugin::Report& report, const probe::TlsLook& look) {
  if (look.greeting) add_fact(report, "greeting", *look.greeting);
  if (!look.capabilities.empty()) report.facts.push_back({"capabilities_before_tls", look.capabilities});
  const auto& chain = chain_of(look);
  if (!look.session.tls || chain.empty()) return;
  add_fact(report, "certificate_pin_sha256", look.session.tls->sent_chain.front().public_key_sha256);
  std::vector<std::string> lines;
  for (const tls::Certificate& certificate : chain) lines.push_back(in_words(certificate, look.session.now));
  report.facts.push_back({"chain", std::move(lines)});
  report.facts.push_back({"is_trusted", look.session.tls->faults.empty()});
  if (!has_session(look)) return;
  const tls::SurveyFacts& survey = *look.session.tls->survey;
  report.facts.push_back({"forward_secrecy", survey.suite.is_forward_secret});
  add_fact(report, "staple", std::string(in_words(survey.staple.status)));
  const auto tls_step = std::find_if(look.session.steps.begin(), look.session.steps.end(),
                                     [](const auto& step) { return step.stage == base::Stage::tls; });
  if (tls_step == look.session.steps.end()) return;
  report.facts.push_back({"tls_server_seconds", base::to_seconds(tls_step->duration - survey.verification)});
  report.facts.push_back({"tls_verification_seconds", base::to_seconds(survey.verification)});
}

}  // namespace mailcheck::plugins::mail_tls
