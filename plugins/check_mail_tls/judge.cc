#include "plugins/check_mail_tls/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "plugins/check_mail_tls/judge_days.h"
#include "plugins/check_mail_tls/judge_facts.h"
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

// Of a connection that nothing is wrong with.
std::string well_in_words(const TlsLook& look, base::WallTime now) {
  const auto& chain = chain_of(look);
  std::string text = look.session.tls->version;
  if (look.session.tls->faults.empty()) text += ", trusted";
  if (look.session.tls->survey->dane && look.session.tls->survey->dane->is_authenticated) text += ", DANE matches";
  if (chain.empty()) return text;
  const double days = days_between(now, chain.front().not_after);
  if (days < 0) return text + ", certificate expired";  // with DANE, or by --result
  return text + fmt::format(", certificate good for {:.1f} days ({} %)", days,
                            static_cast<int>(lifetime_left(chain.front(), now)));
}

void judge_old_versions(plugin::Report& report, const TlsTarget& target, const std::string& place,
                        const Limits& limits) {
  if (!target.old_versions) return;
  const auto& accepted = target.old_versions->accepted;
  // Where nothing better was agreed on, "old-protocol" has said it.
  const bool is_said = std::all_of(target.looks.begin(), target.looks.end(), [](const TlsLook& look) {
    return has_session(look) && (look.session.tls->version == "TLSv1" || look.session.tls->version == "TLSv1.1");
  });
  if (!accepted.empty() && !is_said) {
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
std::string target_line(const std::string& place, const std::vector<Finding>& findings, const std::string& words) {
  const auto worst = std::min_element(findings.begin(), findings.end(), [](const Finding& left, const Finding& right) {
    return plugin::is_worse(left.status, right.status);
  });
  const bool is_well = worst == findings.end() || worst->status == Status::ok;
  if (is_well) return fmt::format("[OK] {}: {}", place, words);
  const bool says_where = worst->text.starts_with(place + ": ");
  const std::string text = says_where ? worst->text.substr(place.size() + 2) : worst->text;
  return fmt::format("[{}] {}: {}", plugin::to_string(worst->status), place, text);
}

class Judge {
 public:
  Judge(const TlsSurveyFacts& facts, const Limits& limits) : facts_(facts), limits_(limits) {}

  plugin::Report run() {
    for (const TlsTarget& target : facts_.targets) judge_target(target);
    judge_domain(report_, facts_, limits_);
    judge_days(report_, dated_, limits_);
    for (const auto& file : limits_.readable_secret_files) {
      report_.findings.push_back(
          limits_.findings.make("secret-file-readable", fmt::format("secret-file-readable: {}", file)));
    }
    tell_who();
    plugin::judge_limits(report_);
    drop_what_expired_tells();
    drop_second_mention();
    judge_what_is_missing();
    report_.summary = summary();
    add_advice();
    return std::move(report_);
  }

 private:
  // Whose facts are told: the worst connection's that came to a handshake, else the first one's.
  [[nodiscard]] const Look* told() const {
    const Look* chosen = nullptr;
    for (const auto& [look, state] : judged_) {
      const bool is_better = chosen == nullptr || (has_session(look.look) && !has_session(chosen->look));
      const bool is_worse = chosen != nullptr && has_session(look.look) == has_session(chosen->look) &&
                            plugin::is_worse(state, state_of(*chosen));
      if (is_better || is_worse) chosen = &look;
    }
    return chosen;
  }

  [[nodiscard]] Status state_of(const Look& look) const {
    const auto known = std::find_if(judged_.begin(), judged_.end(),
                                    [&](const auto& judged) { return &judged.first.look == &look.look; });
    return known->second;
  }

  // Host, steps and facts, around the findings that stand already.
  void tell_who() {
    const Look* look = told();
    plugin::Report report;
    if (look != nullptr) report = report_of(look->look.session, limits_.thresholds, limits_.findings);
    report.findings = std::move(report_.findings);  // the notes of report_of() are there, with their place
    report.metrics = std::move(report_.metrics);
    report.targets = std::move(report_.targets);
    report_ = std::move(report);
    report_.service = "MAIL TLS";
    if (look == nullptr && !facts_.targets.empty()) {
      report_.host = facts_.targets.front().host;
      report_.port = facts_.targets.front().port;
    }
    if (facts_.exchangers) report_.host = facts_.exchangers->domain;
    report_.steps = perfdata_from_timeline(facts_.steps, facts_.total, limits_.thresholds);
    report_.unfinished_step = facts_.unfinished_step ? base::to_string(*facts_.unfinished_step) : "";
    report_.dialogue = facts_.dialogue;
    if (look != nullptr) add_look_facts(report_, look->look);
    if (look != nullptr) add_tlsa_facts(report_, look->target, look->look);
    add_name_facts(report_, facts_);
  }

  // A range, or an expectation, that never met a certificate must not pass as kept.
  void judge_what_is_missing() {
    if (plugin::status(report_) != Status::ok) return;  // what went wrong says why
    const bool has_certificate =
        std::any_of(dated_.begin(), dated_.end(), [](const DatedLook& dated) { return !chain_of(dated.look).empty(); });
    if (has_certificate) return;
    for (const std::string_view label : {"cert_days", "chain_days", "lifetime_left"}) {
      if (!limits_.thresholds.has(label)) continue;
      report_.findings.push_back(
          limits_.findings.make("not-measured", fmt::format("not-measured, {}: no certificate was seen", label)));
    }
    if (!expects_certificate(limits_.expected)) return;
    report_.findings.push_back(limits_.findings.make(
        "not-expected", "not-expected, no certificate was seen that --pin-sha256, --fingerprint or --issuer is about"));
  }

  void add_advice() {
    for (Finding& finding : report_.findings) {
      const bool is_about_days = finding.name == "threshold" && finding.text.find(" ends ") != std::string::npos;
      if (is_about_days) finding.hint = "Renew it. Without -D or a range the limits follow the certificate's lifetime.";
    }
    Findings::add_advice(report_);
  }

  void judge_target(const TlsTarget& target) {
    const std::string place = where(facts_, target, nullptr, limits_);
    const std::size_t begin = report_.findings.size();
    const std::string words = target.error ? describe(*target.error, facts_.total) : "nothing was looked at";
    if (target.error) {
      report_.findings.push_back(limits_.findings.make(target.error->kind, fmt::format("{}: {}", place, words)));
    }
    judge_tlsa(report_, target, place, limits_);
    const std::vector<Finding> of_host = findings_since(begin);
    if (target.looks.empty() && has_several(facts_)) report_.targets.push_back(target_line(place, of_host, words));
    for (const TlsLook& look : target.looks) judge_one(target, look, of_host);
    judge_old_versions(report_, target, place, limits_);
  }

  [[nodiscard]] std::vector<Finding> findings_since(std::size_t begin) const {
    return {report_.findings.begin() + static_cast<std::ptrdiff_t>(begin), report_.findings.end()};
  }

  // `findings`: those of its host.
  void judge_one(const TlsTarget& target, const TlsLook& look, std::vector<Finding> findings) {
    const std::size_t begin = report_.findings.size();
    const std::string place = where(facts_, target, &look, limits_);
    const ChainRule rule = chain_rule(facts_, target, look, limits_);
    const JudgedLook judged{look, place, rule};
    judge_dane(report_, target, judged, limits_);  // what senders heed first stands first
    judge_look(report_, judged, limits_);
    add_notes(report_, look, place, limits_);
    dated_.push_back({look, place, rule});
    judged_.push_back({{target, look}, worst_since(report_, begin)});
    if (!has_several(facts_)) return;
    const std::vector<Finding> own = findings_since(begin);
    findings.insert(findings.end(), own.begin(), own.end());
    const std::string words = has_session(look) ? well_in_words(look, facts_.now) : "no session";
    report_.targets.push_back(target_line(place, findings, words));
  }

  [[nodiscard]] std::string summary() const {
    const auto looks = all_looks(facts_);
    if (looks.empty()) return {};
    const bool is_broken = std::any_of(looks.begin(), looks.end(), [](const Look& l) { return !has_session(l.look); });
    if (is_broken) return {};
    const std::string total = fmt::format("{:.3f} s", base::to_seconds(facts_.total));
    const std::string_view whom = facts_.exchangers ? "the mail exchangers of " : "";
    const bool is_several = looks.size() > 1;
    if (is_several) {
      return fmt::format("{} connections to {}{}{}, {}", looks.size(), whom, report_.host, policy_in_words(), total);
    }
    const Look& only = looks.front();
    if (plugin::status(report_) != Status::ok) return fmt::format("{}, {}", only.look.session.tls->version, total);
    return fmt::format("{}, {}: {}{}, {}", report_.host, where(facts_, only.target, &only.look, limits_),
                       well_in_words(only.look, facts_.now), policy_in_words(), total);
  }

  [[nodiscard]] std::string policy_in_words() const {
    const bool is_valid = facts_.mta_sts && facts_.mta_sts->status == policy::MtaStsFacts::Status::valid;
    return is_valid ? fmt::format(", MTA-STS {}", facts_.mta_sts->mode) : "";
  }

  // "expired" has said it; a range of the user's is another matter.
  void drop_what_expired_tells() {
    const bool is_said = std::any_of(report_.findings.begin(), report_.findings.end(),
                                     [](const Finding& finding) { return finding.name == "expired"; });
    std::erase_if(report_.findings, [&](const Finding& finding) {
      const auto tells = [&](const plugin::Metric& metric) {
        return metric.value < 0 && !limits_.thresholds.has(metric.label) &&
               finding.text.starts_with(metric.label + " is ");
      };
      return is_said && finding.name == "threshold" &&
             std::any_of(report_.metrics.begin(), report_.metrics.end(), tells);
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
  std::vector<std::pair<Look, Status>> judged_;
};

}  // namespace

plugin::Report judge(const TlsSurveyFacts& facts, const Limits& limits) {
  return Judge(facts, limits).run();
}

}  // namespace mailcheck::plugins::mail_tls
