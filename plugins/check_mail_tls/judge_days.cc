#include "plugins/check_mail_tls/judge_days.h"

#include <fmt/format.h>

#include <algorithm>

#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_tls {
namespace {

using base::ErrorKind;
using plugin::Metric;
using plugin::Status;
using tls::Certificate;

constexpr double kMostWarningDays = 21;
constexpr double kMostCriticalDays = 7;

plugin::Limits usual_limits(const Certificate& certificate, ChainRule rule) {
  const double lifetime = std::max(0.0, days_between(certificate.not_before, certificate.not_after));
  plugin::Limits limits{.warning = plugin::Range::at_least(std::min(kMostWarningDays, lifetime / 4))};
  if (rule == ChainRule::pkix) limits.critical = plugin::Range::at_least(std::min(kMostCriticalDays, lifetime / 8));
  return limits;
}

const Certificate& first_to_end(const std::vector<Certificate>& chain) {
  return *std::min_element(chain.begin(), chain.end(),
                           [](const auto& left, const auto& right) { return left.not_after < right.not_after; });
}

std::string end_of(const DatedLook& dated, const Certificate& certificate, bool is_leaf) {
  return fmt::format("{}, {} ends {}", dated.where, is_leaf ? "the certificate" : certificate.subject,
                     utc(certificate.not_after));
}

// Of all connections the metric that alarms most, then the least one.
void keep_worse(std::vector<Metric>& metrics, Metric metric) {
  const auto known =
      std::find_if(metrics.begin(), metrics.end(), [&](const Metric& m) { return m.label == metric.label; });
  if (known == metrics.end()) {
    metrics.push_back(std::move(metric));
    return;
  }
  const Status now = plugin::judge(metric.limits, metric.value);
  const Status before = plugin::judge(known->limits, known->value);
  if (plugin::is_worse(now, before) || (now == before && metric.value < known->value)) *known = std::move(metric);
}

class Days {
 public:
  Days(plugin::Report& report, const Limits& limits) : report_(report), limits_(limits) {}

  void add(const DatedLook& dated) {
    const auto& chain = chain_of(dated.look);
    if (chain.empty()) return;
    const base::WallTime now = dated.look.session.now;
    const Certificate& leaf = chain.front();
    const Certificate& first = first_to_end(chain);
    keep({.label = "cert_days",
          .value = days_between(now, leaf.not_after),
          .limits = limits_of("cert_days", leaf, dated.rule),
          .about = end_of(dated, leaf, true)});
    const bool is_leaf_first = &first == &leaf && is_usual("chain_days");
    keep({.label = "chain_days",
          .value = days_between(now, first.not_after),
          .limits = limits_of(is_leaf_first ? "cert_days" : "chain_days", first, dated.rule),
          .about = end_of(dated, first, &first == &leaf)});
    Metric left{.label = "lifetime_left",
                .value = lifetime_left(leaf, now),
                .unit = plugin::Unit::percent,
                .limits = limits_.thresholds.limits("lifetime_left"),
                .about = end_of(dated, leaf, true)};
    keep(std::move(left));
    note_others(dated, first);
  }

  void finish() {
    for (Metric& metric : metrics_) report_.metrics.push_back(std::move(metric));
  }

 private:
  [[nodiscard]] bool is_usual(std::string_view label) const { return !limits_.thresholds.has(label); }

  [[nodiscard]] plugin::Limits limits_of(std::string_view label, const Certificate& certificate, ChainRule rule) const {
    return is_usual(label) ? usual_limits(certificate, rule) : limits_.thresholds.limits(label);
  }

  void keep(Metric metric) { keep_worse(metrics_, std::move(metric)); }

  // chain_days speaks of the first to end; the others have limits of their own.
  void note_others(const DatedLook& dated, const Certificate& first) {
    const auto& chain = chain_of(dated.look);
    for (std::size_t i = 1; i < chain.size() && is_usual("chain_days"); ++i) {
      const double days = days_between(dated.look.session.now, chain[i].not_after);
      const plugin::Limits usual = usual_limits(chain[i], dated.rule);
      const Status state = plugin::judge(usual, days);
      if (&chain[i] == &first || state == Status::ok || days < 0) continue;
      const auto& range = state == Status::critical ? usual.critical : usual.warning;
      report_.findings.push_back(
          {.name = "threshold",
           .status = state,
           .text = fmt::format("{} in {:.1f} days ({} range {})", end_of(dated, chain[i], false), days,
                               state == Status::critical ? "critical" : "warning", range->print())});
    }
  }

  plugin::Report& report_;
  const Limits& limits_;
  std::vector<Metric> metrics_;
};

}  // namespace

const std::vector<Certificate>& chain_of(const probe::TlsLook& look) {
  static const std::vector<Certificate> none;
  if (!look.session.tls) return none;
  const auto& verified = look.session.tls->verified_chain;
  return verified.empty() ? look.session.tls->sent_chain : verified;
}

double lifetime_left(const Certificate& certificate, base::WallTime now) {
  const double lifetime = days_between(certificate.not_before, certificate.not_after);
  if (lifetime <= 0) return 0;
  return std::clamp(100 * days_between(now, certificate.not_after) / lifetime, 0.0, 100.0);
}

void judge_days(plugin::Report& report, const std::vector<DatedLook>& looks, const Limits& limits) {
  Days days(report, limits);
  for (const DatedLook& look : looks) days.add(look);
  days.finish();
}

}  // namespace mailcheck::plugins::mail_tls
