#include "plugins/check_mail_tls/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "plugins/check_mail_tls/judge_days.h"
#include "plugins/check_mail_tls/judge_look.h"
#include "plugins/check_mail_tls/judge_names.h"
#include "plugins/shared/perfdata_from_timeline.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_tls {
namespace {

using plugin::Finding;
using plugin::Status;
using probe::TlsLook;
using probe::TlsSurveyFacts;
using probe::TlsTarget;

// One connection and whose it is.
struct Look {
  const TlsTarget& target;
  const TlsLook& look;
};

std::vector<Look> all_looks(const TlsSurveyFacts& facts) {
  std::vector<Look> looks;
  for (const TlsTarget& target : facts.targets) {
    for (const TlsLook& look : target.looks) looks.push_back({target, look});
  }
  return looks;
}

// More than one thing was looked at: every finding says which it means.
bool has_several(const TlsSurveyFacts& facts) {
  return facts.targets.size() > 1 || all_looks(facts).size() > 1;
}

std::string where(const TlsSurveyFacts& facts, const TlsTarget& target, const TlsLook* look, const Limits& limits) {
  const std::string service = target.port == 0 ? limits.service : fmt::format("{} {}", limits.service, target.port);
  if (!has_several(facts) && !facts.exchangers) return service;
  std::string text = target.host;
  if (look != nullptr && !look->session.address.empty()) text += ' ' + look->session.address;
  if (!text.empty()) text += ' ';  // a Unix socket has neither
  const std::string_view key_type = look == nullptr ? "" : name_of(look->key_type);
  return fmt::format("{}{}{}{}", text, service, key_type.empty() ? "" : ", ", key_type);
}

Status worst_since(const plugin::Report& report, std::size_t begin) {
  Status state = Status::ok;
  for (std::size_t i = begin; i < report.findings.size(); ++i) {
    state = plugin::worst(state, report.findings[i].status);
  }
  return state;
}

std::string session_in_words(const TlsLook& look, const TlsSurveyFacts& facts) {
  if (!has_session(look)) return "no session";
  const auto& chain = chain_of(look);
  std::string text = look.session.tls->version;
  if (look.session.tls->faults.empty()) text += ", trusted";
  if (look.session.tls->survey->dane && look.session.tls->survey->dane->is_authenticated) text += ", DANE matches";
  if (chain.empty()) return text;
  if (chain.front().not_after < facts.now) return text + ", certificate expired";
  return text + fmt::format(", certificate good for {:.1f} days ({} %)",
                            days_between(facts.now, chain.front().not_after),
                            static_cast<int>(lifetime_left(chain.front(), facts.now)));
}

void judge_old_versions(plugin::Report& report, const TlsTarget& target, const std::string& place,
                        const Limits& limits) {
  if (!target.old_versions) return;
  const auto& accepted = target.old_versions->accepted;
  if (!accepted.empty()) {
    add_finding(report, limits, "old-protocol-accepted", place,
                fmt::format("{} {} accepted", fmt::join(accepted, " and "), accepted.size() == 1 ? "is" : "are"));
  }
  for (const std::string& unknown : target.old_versions->unknown) {
    add_finding(report, limits, "not-measured", place, unknown);
  }
}

void add_notes(plugin::Report& report, const TlsLook& look, const std::string& place, const Limits& limits) {
  for (const auto& failed : look.session.failed_addresses) {
    add_finding(report, limits, "address-failed", place, fmt::format("{}: {}", failed.address, failed.reason));
  }
}

// A line for each, where there are several: its state and what is said of it.
void add_target_line(plugin::Report& report, const std::string& place, std::size_t begin, const std::string& words) {
  const Status state = worst_since(report, begin);
  std::string text = words;
  for (std::size_t i = begin; i < report.findings.size() && state != Status::ok; ++i) {
    const Finding& finding = report.findings[i];
    if (finding.status != state) continue;
    text = finding.text.starts_with(place + ": ") ? finding.text.substr(place.size() + 2) : finding.text;
    break;
  }
  report.targets.push_back(fmt::format("[{}] {}: {}", plugin::to_string(state), place, text));
}

class Judge {
 public:
  Judge(const TlsSurveyFacts& facts, const Limits& limits) : facts_(facts), limits_(limits) {}

  plugin::Report run() {
    set_up();
    for (const TlsTarget& target : facts_.targets) judge_target(target);
    judge_domain(report_, facts_, limits_);
    judge_days(report_, dated_, limits_);
    for (const auto& file : limits_.readable_secret_files) {
      report_.findings.push_back(
          limits_.findings.make("secret-file-readable", fmt::format("secret-file-readable: {}", file)));
    }
    add_name_facts(report_, facts_);
    plugin::judge_limits(report_);
    drop_what_expired_tells();
    drop_second_mention();
    report_.summary = summary();
    Findings::add_advice(report_);
    return std::move(report_);
  }

 private:
  void set_up() {
    const auto looks = all_looks(facts_);
    // The first that came to a handshake has most to tell.
    const auto told = std::find_if(looks.begin(), looks.end(), [](const Look& one) { return has_session(one.look); });
    const Look* first = looks.empty() ? nullptr : told == looks.end() ? &looks.front() : &*told;
    if (first != nullptr) report_ = report_of(first->look.session, limits_.thresholds, limits_.findings);
    report_.findings.clear();  // each look's notes come with its place
    report_.service = "MAIL TLS";
    if (!facts_.targets.empty()) {
      report_.host = looks.empty() ? facts_.targets.front().host : looks.front().look.session.host;
      report_.port = facts_.targets.front().port;
    }
    if (facts_.exchangers) report_.host = facts_.exchangers->domain;
    report_.steps = perfdata_from_timeline(facts_.steps, facts_.total, limits_.thresholds);
    report_.unfinished_step = facts_.unfinished_step ? base::to_string(*facts_.unfinished_step) : "";
    report_.dialogue = facts_.dialogue;
    if (first != nullptr) add_look_facts(first->look);
  }

  void judge_target(const TlsTarget& target) {
    const std::string place = where(facts_, target, nullptr, limits_);
    const std::size_t begin = report_.findings.size();
    if (target.error) {
      const std::string words = describe(*target.error, facts_.total);
      report_.findings.push_back(limits_.findings.make(target.error->kind, fmt::format("{}: {}", place, words)));
      if (has_several(facts_)) add_target_line(report_, place, begin, words);
    }
    judge_tlsa(report_, target, place, limits_);
    for (const TlsLook& look : target.looks) judge_one(target, look);
    judge_old_versions(report_, target, place, limits_);
  }

  void judge_one(const TlsTarget& target, const TlsLook& look) {
    const std::size_t begin = report_.findings.size();
    const std::string place = where(facts_, target, &look, limits_);
    const JudgedLook judged{look, place, chain_rule(facts_, target, look, limits_)};
    judge_dane(report_, target, judged, limits_);  // what senders heed first stands first
    judge_look(report_, judged, limits_);
    add_notes(report_, look, place, limits_);
    dated_.push_back({look, place});
    if (has_several(facts_)) add_target_line(report_, place, begin, session_in_words(look, facts_));
  }

  [[nodiscard]] std::string summary() const {
    const auto looks = all_looks(facts_);
    if (looks.empty()) return {};
    const bool is_broken = std::any_of(looks.begin(), looks.end(), [](const Look& l) { return !has_session(l.look); });
    if (is_broken) return {};
    const std::string total = fmt::format("{:.3f} s", base::to_seconds(facts_.total));
    const std::string_view whom = facts_.exchangers ? "the mail exchangers of " : "";
    if (looks.size() > 1) return fmt::format("{} connections to {}{}, {}", looks.size(), whom, report_.host, total);
    const Look& only = looks.front();
    const std::string words = fmt::format("{}, {}", session_in_words(only.look, facts_), total);
    if (plugin::status(report_) != Status::ok) return words;  // the findings have said where
    return fmt::format("{}, {}: {}", report_.host, where(facts_, only.target, &only.look, limits_), words);
  }

  void add_look_facts(const TlsLook& look);

  // "expired" has said it; a range of the user's is another matter.
  void drop_what_expired_tells() {
    std::erase_if(report_.findings, [&](const Finding& finding) {
      const auto tells = [&](std::string_view label) {
        return finding.text.starts_with(fmt::format("{} is -", label)) && !limits_.thresholds.has(label);
      };
      return finding.name == "threshold" && (tells("cert_days") || tells("chain_days"));
    });
  }

  // Where the certificate itself ends first, cert_days and chain_days say one thing.
  void drop_second_mention() {
    const auto told = [&](std::string_view label) {
      return std::find_if(report_.findings.begin(), report_.findings.end(), [&](const Finding& finding) {
        return finding.name == "threshold" && finding.text.starts_with(fmt::format("{} is ", label));
      });
    };
    const auto leaf = told("cert_days");
    const auto chain = told("chain_days");
    if (leaf == report_.findings.end() || chain == report_.findings.end() || leaf->status != chain->status) return;
    const auto number = [](const Finding& finding) { return finding.text.substr(finding.text.find(" is ")); };
    if (number(*leaf) == number(*chain)) report_.findings.erase(chain);
  }

  const TlsSurveyFacts& facts_;
  const Limits& limits_;
  plugin::Report report_;
  std::vector<DatedLook> dated_;
};

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

void Judge::add_look_facts(const TlsLook& look) {
  if (look.greeting) add_fact(report_, "greeting", *look.greeting);
  if (!look.capabilities.empty()) report_.facts.push_back({"capabilities_before_tls", look.capabilities});
  const auto& chain = chain_of(look);
  if (!look.session.tls || chain.empty()) return;
  add_fact(report_, "certificate_pin_sha256", look.session.tls->sent_chain.front().public_key_sha256);
  std::vector<std::string> lines;
  for (const tls::Certificate& certificate : chain) lines.push_back(in_words(certificate, facts_.now));
  report_.facts.push_back({"chain", std::move(lines)});
  report_.facts.push_back({"is_trusted", look.session.tls->faults.empty()});
  if (!has_session(look)) return;
  const tls::SurveyFacts& survey = *look.session.tls->survey;
  report_.facts.push_back({"forward_secrecy", survey.suite.is_forward_secret});
  add_fact(report_, "staple", std::string(in_words(survey.staple.status)));
  const auto tls_step = std::find_if(look.session.steps.begin(), look.session.steps.end(),
                                     [](const auto& step) { return step.stage == base::Stage::tls; });
  if (tls_step == look.session.steps.end()) return;
  report_.facts.push_back({"tls_server_seconds", base::to_seconds(tls_step->duration - survey.verification)});
  report_.facts.push_back({"tls_verification_seconds", base::to_seconds(survey.verification)});
}

}  // namespace

plugin::Report judge(const TlsSurveyFacts& facts, const Limits& limits) {
  return Judge(facts, limits).run();
}

}  // namespace mailcheck::plugins::mail_tls
