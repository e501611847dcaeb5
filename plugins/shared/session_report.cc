#include "plugins/shared/session_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "base/utc.h"
#include "plugins/shared/perfdata_from_timeline.h"

namespace mailcheck::plugins {
namespace {

// In the status line: of our words, which may name what the server named; of the server's codes; of its words.
constexpr std::size_t kLongestDetail = 400;
constexpr std::size_t kLongestCode = 80;
constexpr std::size_t kLongestQuote = 200;

void add_certificate_facts(plugin::Report& report, const tls::Certificate& leaf) {
  add_fact(report, "certificate_subject", leaf.subject);
  add_fact(report, "certificate_issuer", leaf.issuer);
  std::vector<std::string> names = leaf.dns_names;
  names.insert(names.end(), leaf.ip_addresses.begin(), leaf.ip_addresses.end());
  if (!names.empty()) report.facts.push_back({"certificate_names", std::move(names)});
  add_fact(report, "certificate_serial", leaf.serial);
  add_fact(report, "certificate_not_before", utc(leaf.not_before));
  add_fact(report, "certificate_not_after", utc(leaf.not_after));
  add_fact(report, "certificate_key", leaf.key);
  add_fact(report, "certificate_signature", leaf.signature_algorithm);
  add_fact(report, "certificate_sha256", leaf.sha256);
}

void add_tls_facts(plugin::Report& report, const tls::SessionFacts& tls) {
  add_fact(report, "tls_version", tls.version);
  add_fact(report, "tls_cipher", tls.cipher);
  add_fact(report, "tls_group", tls.group);
  if (!tls.sent_chain.empty()) add_certificate_facts(report, tls.sent_chain.front());
}

}  // namespace

std::string utc(base::WallTime time) {
  return base::utc_text(time, base::Precision::second);
}

double days_between(base::WallTime from, base::WallTime to) {
  return std::chrono::duration<double, std::ratio<86400>>(to - from).count();
}

void add_fact(plugin::Report& report, std::string name, std::string text) {
  if (!text.empty()) report.facts.push_back({std::move(name), std::move(text)});
}

void add_metric(plugin::Report& report, plugin::Metric metric, const plugin::Thresholds& thresholds) {
  metric.limits = thresholds.limits(metric.label);
  report.metrics.push_back(std::move(metric));
}

void judge_greeting(plugin::Report& report, const std::optional<std::string>& greeting, const std::string& expected,
                    const Findings& findings) {
  if (!greeting) return;
  const std::string wanted = base::printable_line(expected);
  const std::string shown = base::printable_line(*greeting);
  if (shown.find(wanted) != std::string::npos) return;
  report.findings.push_back(findings.make(
      "not-expected", fmt::format("greeting: not-expected, \"{}\" does not occur in \"{}\"", wanted, shown)));
}

std::string describe(const base::Error& error, base::Duration after) {
  const std::string_view stage = base::to_string(error.stage);
  const std::string_view kind = base::to_string(error.kind);
  const std::string detail = base::printable(error.detail, kLongestDetail);
  std::string text =
      kind == stage ? fmt::format("{}: {}", stage, detail) : fmt::format("{}: {}, {}", stage, kind, detail);
  if (const std::string words = quote(error); !words.empty()) text += ": " + words;
  return text + fmt::format(", after {:.3f} s", base::to_seconds(after));
}

std::string quote(const base::Error& error) {
  std::string text = base::printable(error.peer_code, kLongestCode);
  const std::string words = base::printable(error.peer_text, kLongestQuote);
  if (words.empty()) return text;
  if (!text.empty()) text += ' ';
  return text + fmt::format("\"{}\"", words);
}

plugin::Finding ending(const probe::SessionFacts& facts, const base::Error& error, const Findings& findings) {
  plugin::Finding finding = findings.make(error.kind, describe(error, facts.total));
  const bool is_greeting_late = error.kind == base::ErrorKind::timeout && error.stage == base::Stage::greeting;
  if (is_greeting_late && !facts.tls)
    finding.hint = "The port may want TLS from the start (--tls implicit); if not, the server hangs.";
  return finding;
}

plugin::Report report_of(const probe::SessionFacts& facts, const plugin::Thresholds& thresholds,
                         const Findings& findings) {
  plugin::Report report;
  report.host = facts.host;
  report.address = facts.address;
  report.port = facts.port;
  report.steps = perfdata_from_timeline(facts.steps, facts.total, thresholds);
  if (facts.unfinished_step) report.unfinished_step = base::to_string(*facts.unfinished_step);
  report.server = {.code = facts.reply_code, .enhanced = facts.reply_enhanced, .text = facts.reply_text};
  report.dialogue = facts.dialogue;
  for (const auto& failed : facts.failed_addresses) {
    report.findings.push_back(
        findings.make("address-failed", fmt::format("connect: address-failed, {}: {}", failed.address, failed.reason)));
  }
  if (facts.tls) add_tls_facts(report, *facts.tls);
  return report;
}

void add_certificate(plugin::Report& report, const probe::SessionFacts& facts, const plugin::Thresholds& thresholds,
                     const Findings& findings) {
  if (!facts.tls || facts.tls->sent_chain.empty()) return;
  const auto& chain = facts.tls->faults.empty() ? facts.tls->verified_chain : facts.tls->sent_chain;
  const auto earliest = std::min_element(chain.begin(), chain.end(),
                                         [](const auto& a, const auto& b) { return a.not_after < b.not_after; });
  const tls::Certificate& leaf = facts.tls->sent_chain.front();
  add_metric(report, {.label = "cert_days", .value = days_between(facts.now, leaf.not_after)}, thresholds);
  if (earliest != chain.end()) {
    add_metric(report, {.label = "chain_days", .value = days_between(facts.now, earliest->not_after)}, thresholds);
  }
  if (facts.error) return;
  for (const auto& fault : facts.tls->faults) {
    report.findings.push_back(
        findings.make("unverified", fmt::format("tls: unverified, {}: {}", base::to_string(fault.kind), fault.detail)));
  }
}

}  // namespace mailcheck::plugins
