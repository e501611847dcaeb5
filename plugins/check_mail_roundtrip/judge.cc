#include "plugins/check_mail_roundtrip/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "plugins/check_mail_roundtrip/judge_arrival.h"
#include "plugins/check_mail_roundtrip/judge_sides.h"
#include "plugins/check_mail_roundtrip/judge_words.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

using base::ErrorKind;
using mail::DeliveryReport;
using probe::Bounce;
using probe::LostMessage;
using probe::RoundtripFacts;
using probe::SmtpSubmitFacts;

constexpr std::size_t kLongestHost = 120;
constexpr std::size_t kLongestReply = 300;

std::string reason(const DeliveryReport& report) {
  const std::string& words = report.reply.empty() ? report.status : report.reply;
  return words.empty() ? "no reason given" : base::printable(words, kLongestReply);
}

class Judge {
 public:
  Judge(plugin::Report& report, const RoundtripFacts& facts, const Limits& limits)
      : report_(report), facts_(facts), limits_(limits) {}

  void state() {
    if (const auto& error = facts_.state_error) {
      const bool is_locked = error->kind == ErrorKind::state_locked;
      add(is_locked ? "state-locked" : "state-unusable", error->detail + (was_offered() ? "" : "; nothing was sent"));
    }
    if (!facts_.set_aside.empty()) add("state-reset", facts_.set_aside);
  }

  void submission() {
    if (!facts_.submission || !facts_.submission->error) return;
    const SmtpSubmitFacts& smtp = *facts_.submission;
    if (smtp.error->stage == base::Stage::state) return;  // told by state()
    if (facts_.may_have_arrived) return no_reply(smtp);
    base::Error error = *smtp.error;
    if (!smtp.block_list.empty()) error.detail += fmt::format(" ({})", base::printable_line(smtp.block_list));
    plugin::Finding finding = side_ending("smtp", smtp, error, limits_);
    if (error.kind == ErrorKind::greylisted) greylisting(finding);
    finding.text = fmt::format("not accepted by {}, {}", base::printable(smtp.host, kLongestHost), finding.text);
    report_.findings.push_back(std::move(finding));
  }

  void looking() {
    if (!facts_.imap.error) return;
    plugin::Finding finding = side_ending("imap", facts_.imap, *facts_.imap.error, limits_);
    if (own_arrivals(facts_) > 0) return add("cleanup-failed", "nothing was removed: " + finding.text);
    const std::string sent =
        facts_.may_have_arrived ? "the message was " + accepted() + next_run() : "nothing was sent";
    const std::string host = base::printable(facts_.imap.host, kLongestHost);
    report_.findings.push_back(
        limits_.findings.make("could-not-look", fmt::format("could-not-look at {}, {}: {}", host, sent, finding.text)));
    report_.findings.back().hint = finding.hint;
  }

  // "bounced by mx.example.test: 550 5.1.1 No such user (unknown-recipient)"
  void reports() {
    for (const Bounce& bounce : facts_.bounces) {
      const std::string_view name = bounce.report.action == DeliveryReport::Action::failed ? "bounced" : "delayed";
      const std::string& host = bounce.report.remote_host;
      const std::string which = bounce.is_of_this_run ? "" : message_words(bounce.sent) + ": ";
      const std::string by = host.empty() ? "" : " by " + base::printable(host, kLongestHost);
      report_.findings.push_back(limits_.findings.make(
          name, fmt::format("{}{}{}: {} ({})", which, name, by, reason(bounce.report), base::to_string(bounce.kind))));
    }
  }

  void not_seen() {
    const bool is_told = own_arrivals(facts_) > 0 || is_bounced(facts_) || facts_.imap.error;
    if (!facts_.may_have_arrived || is_told) return;
    const double waited = base::to_seconds(facts_.looked_for);
    const std::string junk = facts_.junk_fault.empty() ? "" : " (the junk folder was not watched)";
    const std::string where = folder_words(facts_.folders, "or") + junk;
    if (!facts_.is_kept_as_pending) {
      return add("not-seen", fmt::format("not in {} within {:.1f} s, {}", where, waited, accepted_in_words()));
    }
    report_.summary = fmt::format("{}, not yet in {} after {:.2f} s{}", accepted(), where, waited, next_run());
    add("pending", fmt::format("{} message{} looked for", facts_.pending, facts_.pending == 1 ? " is" : "s are"));
  }

  void earlier() {
    if (!facts_.lost.empty()) {
      const LostMessage& oldest = *std::min_element(facts_.lost.begin(), facts_.lost.end(),
                                                    [](const auto& a, const auto& b) { return a.sent < b.sent; });
      const std::size_t others = facts_.lost.size() - 1;
      add("lost", fmt::format("{}{}{} not arrived{}", message_words(oldest.sent),
                              others == 0 ? "" : fmt::format(" and {} more", others), others == 0 ? " has" : " have",
                              oldest.is_overtaken ? ", a later one has" : ""));
    }
    if (facts_.given_up > 0) {
      const bool is_one = facts_.given_up == 1;
      add("given-up", fmt::format("{}, perhaps accepted, {} not arrived, no longer looked for",
                                  is_one ? "a message of an earlier run"
                                         : fmt::format("{} messages of earlier runs", facts_.given_up),
                                  is_one ? "has" : "have"));
    }
  }

  void notes() {
    if (!facts_.junk_fault.empty()) add("junk-not-watched", facts_.junk_fault);
    if (!facts_.bounce_fault.empty()) add("bounces-not-watched", facts_.bounce_fault);
    for (const std::string& fault : facts_.clean_up.faults) add("cleanup-failed", fault);
  }

  void steps() {
    if (auto step = transit(facts_, limits_)) report_.steps.push_back(std::move(*step));
    if (facts_.clean_up_time) add_step("cleanup", *facts_.clean_up_time);
    add_step("total", facts_.total);
  }

  void state_metrics() {
    if (!facts_.has_state) return;
    count("pending", facts_.pending);
    count("lost", facts_.lost.size());
  }

  void facts() {
    if (facts_.submission) {
      add_fact(report_, "message_id", facts_.message_id);
      add_fact(report_, "acceptance", acceptance(*facts_.submission));
      const auto& error = facts_.submission->error;
      if (error && error->is_answered) add_fact(report_, "reply_class", std::string(base::to_string(error->kind)));
    }
    add_list("folders", facts_.folders);
    add_list("reports", report_facts());
    std::vector<std::string> lost;
    for (const LostMessage& one : facts_.lost) lost.push_back(utc(one.sent));
    add_list("lost_messages", std::move(lost));
    add_count("removed", facts_.clean_up.removed);
    add_count("left_overs_removed", facts_.clean_up.left_overs);
    add_fact(report_, "poller", limits_.poller);
  }

 private:
  void add(std::string_view name, const std::string& text) { add_finding(report_, limits_, name, text); }

  void add_step(std::string label, base::Duration duration) {
    plugin::Limits range = limits_.thresholds.limits(label);
    report_.steps.push_back({.label = std::move(label),
                             .value = base::to_seconds(duration),
                             .unit = plugin::Unit::seconds,
                             .limits = std::move(range)});
  }

  // Without a state that could be read and written nobody knows.
  void count(const std::string& label, std::size_t value) {
    if (!facts_.state_error) {
      add_metric(report_, {.label = label, .value = static_cast<double>(value)}, limits_.thresholds);
    } else if (limits_.thresholds.has(label)) {
      add("not-measured", label + ": the state cannot be used");
    }
  }

  void add_count(std::string name, std::size_t value) {
    if (value > 0) report_.facts.push_back({std::move(name), static_cast<double>(value)});
  }

  void add_list(std::string name, std::vector<std::string> values) {
    if (!values.empty()) report_.facts.push_back({std::move(name), std::move(values)});
  }

  [[nodiscard]] bool was_offered() const {
    if (!facts_.submission) return false;
    const auto& error = facts_.submission->error;
    return !error || error->stage != base::Stage::state;
  }

  [[nodiscard]] std::string accepted() const {
    return facts_.submission->is_delivered ? "accepted" : "perhaps accepted";
  }

  // `accepted by mail.example.test: 250 2.0.0 "Ok: queued as 4F2"`
  [[nodiscard]] std::string accepted_in_words() const {
    const std::string words = acceptance(*facts_.submission);
    return fmt::format("{} by {}{}{}", accepted(), base::printable(facts_.submission->host, kLongestHost),
                       words.empty() ? "" : ": ", words);
  }

  [[nodiscard]] std::string next_run() const { return facts_.is_kept_as_pending ? ", the next run looks for it" : ""; }

  // The connection or the time was over after the final dot. Whoever has seen the message, or a report on it, knows
  // that it was taken.
  void no_reply(const SmtpSubmitFacts& smtp) {
    const bool is_reported =
        std::any_of(facts_.bounces.begin(), facts_.bounces.end(), [](const Bounce& one) { return one.is_of_this_run; });
    base::Error error = *smtp.error;
    if (own_arrivals(facts_) == 0 && !is_reported) {
      report_.findings.push_back(side_ending("smtp", smtp, error, limits_));
      return;
    }
    error.detail = "no reply to the final dot, but the message was taken";
    plugin::Finding finding = side_ending("smtp", smtp, error, limits_);
    if (error.kind == ErrorKind::delivery_unknown) {
      finding = limits_.findings.make("deviation", "smtp deviation: " + error.detail);
    }
    report_.findings.push_back(std::move(finding));
  }

  void greylisting(plugin::Finding& finding) const {
    if (!facts_.greylisted_for || !facts_.has_state) return;
    const base::Duration since = *facts_.greylisted_for;
    if (since > limits_.greylist_tolerance) {
      finding = limits_.findings.make("greylisted-too-long", "greylisted-too-long, " + finding.text);
    }
    finding.text += fmt::format("; first refused {:.0f} s ago, {:.0f} s are tolerated", base::to_seconds(since),
                                base::to_seconds(limits_.greylist_tolerance));
  }

  // Who was meant may differ from --to: mail is forwarded.
  [[nodiscard]] std::vector<std::string> report_facts() const {
    std::vector<std::string> lines;
    for (const Bounce& bounce : facts_.bounces) {
      const DeliveryReport& report = bounce.report;
      std::string line = report.action == DeliveryReport::Action::failed ? "failed" : "delayed";
      if (!report.recipient.empty()) line += " for " + report.recipient;
      if (!report.status.empty()) line += ", status " + report.status;
      if (!report.retry_until.empty()) line += ", tried until " + report.retry_until;
      lines.push_back(std::move(line));
    }
    return lines;
  }

  plugin::Report& report_;
  const RoundtripFacts& facts_;
  const Limits& limits_;
};

}  // namespace

plugin::Report judge(const RoundtripFacts& facts, const Limits& limits) {
  plugin::Report report;
  report.service = "ROUNDTRIP";
  Judge judge(report, facts, limits);
  add_sides(report, facts, limits);
  judge.state();
  judge.looking();
  judge.submission();
  judge.reports();
  judge_own_arrival(report, facts, limits);
  judge.not_seen();
  judge_late_arrivals(report, facts, limits);
  judge_header(report, facts, limits);
  judge.earlier();
  judge.notes();
  judge.steps();
  add_arrival_metrics(report, facts, limits);
  judge.state_metrics();
  add_certificates(report, facts, limits);
  judge.facts();
  plugin::judge_limits(report);
  keep_arrival_in_line(report, facts);
  Findings::add_advice(report);
  return report;
}

}  // namespace mailcheck::plugins::mail_roundtrip
