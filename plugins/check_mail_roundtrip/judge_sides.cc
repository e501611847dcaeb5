#include "plugins/check_mail_roundtrip/judge_sides.h"

#include <fmt/format.h>

#include <utility>

#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

constexpr std::string_view kSmtp = "smtp";
constexpr std::string_view kImap = "imap";

// "dns" -> "smtp_dns"; the total of a side is nobody's concern: the sides wait for each other.
void take_steps(plugin::Report& report, std::vector<plugin::Metric> steps, std::string_view side,
                const Limits& limits) {
  for (plugin::Metric& step : steps) {
    if (step.label == "total") continue;
    step.label = fmt::format("{}_{}", side, step.label);
    step.limits = limits.thresholds.limits(step.label);
    report.steps.push_back(std::move(step));
  }
}

void take_findings(plugin::Report& report, std::vector<plugin::Finding> findings, std::string_view side) {
  for (plugin::Finding& finding : findings) {
    finding.text = fmt::format("{} {}", side, finding.text);
    report.findings.push_back(std::move(finding));
  }
}

void take_certificate(plugin::Report& report, const probe::SessionFacts& facts, std::string_view side,
                      const Limits& limits) {
  plugin::Report only;
  add_certificate(only, facts, {}, limits.findings);
  for (plugin::Metric& metric : only.metrics) {
    metric.label = fmt::format("{}_{}", side, metric.label);
    add_metric(report, std::move(metric), limits.thresholds);
  }
  take_findings(report, std::move(only.findings), side);
}

void add_dialogue(plugin::Report& report, std::vector<std::string> lines, std::string_view side) {
  if (!lines.empty()) report.dialogue.push_back(fmt::format("-- {}", side));
  for (std::string& line : lines) report.dialogue.push_back(std::move(line));
}

void add_side(plugin::Report& report, const probe::SessionFacts& facts, std::string_view side, const Limits& limits) {
  plugin::Report own = report_of(facts, {}, limits.findings);
  take_steps(report, std::move(own.steps), side, limits);
  if (!own.unfinished_step.empty() && facts.error) {
    report.unfinished_step = fmt::format("{}_{}", side, own.unfinished_step);
  }
  take_findings(report, std::move(own.findings), side);
  add_fact(report, fmt::format("{}_host", side), facts.host);
  add_fact(report, fmt::format("{}_address", side), facts.address);
  for (plugin::Fact& fact : own.facts) {
    report.facts.push_back({fmt::format("{}_{}", side, fact.name), std::move(fact.value)});
  }
  add_dialogue(report, std::move(own.dialogue), side);
}

void add_note(plugin::Report& report, std::string_view side, std::string_view name, const std::string& text,
              const Limits& limits) {
  report.findings.push_back(limits.findings.make(name, fmt::format("{} {}: {}", side, name, text)));
}

void add_submission(plugin::Report& report, const probe::SmtpSubmitFacts& facts, const Limits& limits) {
  add_side(report, facts, kSmtp, limits);
  add_fact(report, "smtp_user", limits.smtp_user);
  if (facts.mechanism) add_fact(report, "smtp_mechanism", *facts.mechanism);
  for (const auto& quirk : facts.quirks) add_note(report, kSmtp, "deviation", quirk, limits);
}

void add_mailbox(plugin::Report& report, const probe::ImapLoginFacts& facts, const Limits& limits) {
  add_side(report, facts, kImap, limits);
  add_fact(report, "imap_user", limits.imap_user);
  if (facts.mechanism) add_fact(report, "imap_mechanism", *facts.mechanism);
  for (const auto& alert : facts.alerts) add_note(report, kImap, "alert", alert, limits);
  for (const auto& referral : facts.referrals) add_note(report, kImap, "referral", referral, limits);
  for (const auto& quirk : facts.quirks) add_note(report, kImap, "deviation", quirk, limits);
}

std::string unverified(const probe::RoundtripFacts& facts, const Limits& limits) {
  const bool is_smtp = limits.is_smtp_insecure && facts.submission && facts.submission->tls;
  const bool is_imap = limits.is_imap_insecure && facts.imap.tls;
  if (is_smtp && is_imap) return "certificates unverified (--insecure)";
  if (is_smtp) return "SMTP certificate unverified (--insecure)";
  return is_imap ? "IMAP certificate unverified (--insecure)" : "";
}

}  // namespace

void add_sides(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits) {
  const bool is_smtp = facts.submission && !facts.imap.error;
  const probe::SessionFacts& shown = is_smtp ? static_cast<const probe::SessionFacts&>(*facts.submission) : facts.imap;
  report.host = shown.host;
  report.address = shown.address;
  report.port = shown.port;
  report.server = {.code = shown.reply_code, .enhanced = shown.reply_enhanced, .text = shown.reply_text};
  if (facts.submission) add_submission(report, *facts.submission, limits);
  add_mailbox(report, facts.imap, limits);
  add_dialogue(report, facts.bounce_dialogue, "bounce");
  for (const auto& file : limits.readable_secret_files) {
    report.findings.push_back(limits.findings.make("secret-file-readable", "secret-file-readable: " + file));
  }
  report.caveat = unverified(facts, limits);
}

void add_certificates(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits) {
  if (facts.submission) take_certificate(report, *facts.submission, kSmtp, limits);
  take_certificate(report, facts.imap, kImap, limits);
}

plugin::Finding side_ending(std::string_view side, const probe::SessionFacts& facts, const base::Error& error,
                            const Limits& limits) {
  plugin::Finding finding = ending(facts, error, limits.findings);
  finding.text = fmt::format("{} {}", side, finding.text);
  return finding;
}

}  // namespace mailcheck::plugins::mail_roundtrip
