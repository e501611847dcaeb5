#include "plugins/check_smtp_submit/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "plugins/check_smtp_submit/judge_expectations.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::smtp_submit {
namespace {

using base::ErrorKind;
using base::Stage;
using probe::SmtpReply;
using probe::SmtpSubmitFacts;

// The last answer at a stage; nullptr: none came.
const SmtpReply* last_reply(const SmtpSubmitFacts& facts, Stage stage) {
  const auto found = std::find_if(facts.replies.rbegin(), facts.replies.rend(),
                                  [&](const SmtpReply& reply) { return reply.stage == stage; });
  return found == facts.replies.rend() ? nullptr : &*found;
}

plugin::Finding ending_of(const SmtpSubmitFacts& facts, const Limits& limits) {
  base::Error error = *facts.error;
  const SmtpReply* reply = ending_reply(facts);
  const bool is_about_recipient = reply != nullptr && !reply->recipient.empty();
  if (!facts.block_list.empty()) {
    error.detail += fmt::format(" ({})", base::printable_line(facts.block_list));
  } else if (is_about_recipient) {
    error.detail += fmt::format(" ({})", reply->recipient);
  }
  return ending(facts, error, limits.findings);
}

// A refusal for good that is about the recipient, or about nobody having logged in; not one that would hit this client
// or sender whoever they write to.
bool shows_no_relay(const SmtpReply& reply) {
  if (reply.code / 100 != 5 || reply.is_about_sender_or_client) return false;
  if (reply.stage == Stage::mail) return reply.kind == ErrorKind::policy || reply.kind == ErrorKind::relay_denied;
  if (reply.stage != Stage::rcpt) return false;
  return reply.kind == ErrorKind::relay_denied || reply.kind == ErrorKind::policy ||
         reply.kind == ErrorKind::permanent || reply.kind == ErrorKind::unknown_recipient;
}

void judge_relay(plugin::Report& report, const SmtpSubmitFacts& facts, const Limits& limits) {
  const auto accepted = std::find_if(facts.replies.begin(), facts.replies.end(),
                                     [](const SmtpReply& reply) { return reply.stage == Stage::rcpt && !reply.kind; });
  const SmtpReply* refused = ending_reply(facts);
  if (accepted != facts.replies.end()) {
    const SmtpReply* reply = &*accepted;
    report.findings.push_back(limits.findings.make(
        "open-relay",
        fmt::format("rcpt: open-relay, {} was accepted without log in: {}", reply->recipient, quote(*reply))));
    report.summary.clear();
  } else if (refused != nullptr && shows_no_relay(*refused)) {
    report.summary =
        fmt::format("{}: no open relay, {} was refused: {}, {:.3f} s", facts.host, base::to_string(facts.error->stage),
                    plugins::quote(*facts.error), base::to_seconds(facts.total));
  } else if (facts.error) {
    plugin::Finding finding = ending_of(facts, limits);
    const bool tells_nothing = facts.error->is_answered && !limits.findings.is_settled(facts.error->kind);
    if (tells_nothing) finding.status = plugin::Status::unknown;
    report.findings.push_back(std::move(finding));
  }
}

// An ending that was expected is what went well; one that was expected otherwise is told of by judge_expectations.
void judge_error(plugin::Report& report, const SmtpSubmitFacts& facts, const Limits& limits) {
  if (limits.expectations.is_relay_test) return judge_relay(report, facts, limits);
  if (!facts.error) return;
  const ExpectedReply* expected = expectation_of_ending(facts, limits);
  if (expected == nullptr) {
    report.findings.push_back(ending_of(facts, limits));
    return;
  }
  const SmtpReply& reply = *ending_reply(facts);
  if (!expected->accepts(reply.code)) return;
  report.summary = fmt::format("{}: {} was answered {}, as expected, {:.3f} s", facts.host,
                               base::to_string(expected->stage), quote(reply), base::to_seconds(facts.total));
}

void add_notes(plugin::Report& report, const SmtpSubmitFacts& facts, const Limits& limits) {
  const auto add = [&](std::string_view name, const std::string& text) {
    report.findings.push_back(limits.findings.make(name, fmt::format("{}: {}", name, text)));
  };
  for (const auto& quirk : facts.quirks) add("deviation", quirk);
  for (const auto& file : limits.readable_secret_files) add("secret-file-readable", file);
}

// How far the session went before the envelope.
std::string reached(const SmtpSubmitFacts& facts, const Limits& limits) {
  if (facts.is_logged_in) return fmt::format("logged in as {} ({})", limits.user, facts.mechanism.value_or(""));
  if (facts.extensions) return "ready, not logged in";
  if (facts.greeting) return facts.tls ? "greeting received, TLS established" : "greeting received";
  return "connected";
}

std::string transaction(const SmtpSubmitFacts& facts) {
  if (facts.is_delivered) {
    const SmtpReply* reply = last_reply(facts, Stage::data);
    return fmt::format(", message accepted: {}", quote(*reply));
  }
  if (facts.is_envelope_accepted) return ", sender and recipient accepted, nothing sent";
  return last_reply(facts, Stage::mail) != nullptr ? ", sender accepted" : "";
}

std::string summary(const SmtpSubmitFacts& facts, const Limits& limits) {
  return fmt::format("{}: {}{}, {:.3f} s", facts.host, reached(facts, limits), transaction(facts),
                     base::to_seconds(facts.total));
}

void add_facts(plugin::Report& report, const SmtpSubmitFacts& facts) {
  if (facts.greeting) add_fact(report, "greeting", *facts.greeting);
  if (facts.extensions_before_tls) report.facts.push_back({"extensions_before_tls", *facts.extensions_before_tls});
  if (facts.extensions) report.facts.push_back({"extensions", *facts.extensions});
  if (facts.mechanism) add_fact(report, "mechanism", *facts.mechanism);
  std::vector<std::string> replies;
  for (const SmtpReply& reply : facts.replies) {
    const std::string_view kind = reply.kind ? base::to_string(*reply.kind) : "";
    replies.push_back(
        fmt::format("{}: {}{}{}", base::to_string(reply.stage), quote(reply), kind.empty() ? "" : ", ", kind));
  }
  if (!replies.empty()) report.facts.push_back({"replies", std::move(replies)});
  const bool is_answered = facts.error && facts.error->is_answered;
  add_fact(report, "reply_class", is_answered ? std::string(base::to_string(facts.error->kind)) : "");
  add_fact(report, "block_list", facts.block_list);
  add_fact(report, "message_id", facts.message_id);
}

}  // namespace

plugin::Report judge(const SmtpSubmitFacts& facts, const Limits& limits) {
  plugin::Report report = report_of(facts, limits.thresholds, limits.findings);
  report.service = "SMTP";
  if (limits.is_insecure && facts.tls) report.caveat = "certificate unverified (--insecure)";
  if (!facts.error) report.summary = summary(facts, limits);
  judge_error(report, facts, limits);
  judge_expectations(report, facts, limits);
  add_certificate(report, facts, limits.thresholds, limits.findings);
  add_notes(report, facts, limits);
  add_facts(report, facts);
  plugin::judge_limits(report);
  Findings::add_advice(report);
  return report;
}

}  // namespace mailcheck::plugins::smtp_submit
