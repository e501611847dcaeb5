#include "plugins/check_imap_login/judge.h"

#include <fmt/format.h>

#include <utility>

#include "plugins/check_imap_login/judge_expectations.h"
#include "plugins/check_imap_login/judge_measurements.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::imap_login {
namespace {

using base::ErrorKind;
using probe::ImapLoginFacts;

bool was_let_in(const ImapLoginFacts& facts) {
  return facts.is_logged_in || facts.is_preauthenticated;
}

plugin::Finding ending_of(const ImapLoginFacts& facts, const Limits& limits) {
  base::Error error = *facts.error;
  if (error.kind == ErrorKind::mailbox_unusable) {
    const std::string whose = facts.is_logged_in && !limits.user.empty() ? " of " + limits.user : "";
    error.detail = fmt::format("logged in, but mailbox {}{} cannot be opened", limits.mailbox, whose);
  }
  return ending(facts, error, limits.findings);
}

// By the server and as such, not by a NO that may mean anything.
bool were_credentials_refused(const base::Error& error) {
  return error.kind == ErrorKind::auth_failed && error.is_about_credentials;
}

// Whether the credentials are good cannot be told. Without a word of the server it was we who refused it (SCRAM): that
// it cannot prove itself tells enough.
bool tells_nothing(const base::Error& error) {
  const bool is_server_silent = error.peer_text.empty() && error.peer_code.empty();
  return error.kind == ErrorKind::auth_unavailable || (error.kind == ErrorKind::auth_failed && !is_server_silent);
}

// --refuse turns the meaning of three endings round; network trouble keeps its state.
void judge_refusal(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  if (was_let_in(facts)) {
    report.findings.push_back(limits.findings.make(
        "not-expected", fmt::format("auth: not-expected, the credentials of {} were accepted", limits.user)));
  } else if (facts.error && were_credentials_refused(*facts.error)) {
    report.summary =
        fmt::format("{}: {} was refused, as it should be: {}", facts.host, limits.user, quote(*facts.error));
  } else if (facts.error) {
    plugin::Finding finding = ending_of(facts, limits);
    const bool is_settled = limits.findings.is_settled(facts.error->kind);
    if (tells_nothing(*facts.error) && !is_settled) finding.status = plugin::Status::unknown;
    report.findings.push_back(std::move(finding));
  }
}

void judge_error(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  if (limits.expectations.is_refusal) return judge_refusal(report, facts, limits);
  if (!facts.error) return;
  report.findings.push_back(ending_of(facts, limits));
}

void add_notes(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  const auto add = [&](std::string_view name, const std::string& text) {
    report.findings.push_back(limits.findings.make(name, fmt::format("{}: {}", name, text)));
  };
  for (const auto& alert : facts.alerts) add("alert", alert);
  for (const auto& referral : facts.referrals) add("referral", referral);
  for (const auto& quirk : facts.quirks) add("deviation", quirk);
  for (const auto& file : limits.readable_secret_files) add("secret-file-readable", file);
}

std::string age_in_words(std::chrono::seconds age) {
  if (age < std::chrono::minutes(2)) return fmt::format("{} s", age.count());
  if (age < std::chrono::hours(2)) return fmt::format("{} min", age.count() / 60);
  if (age < std::chrono::hours(48)) return fmt::format("{} h", age.count() / 3600);
  return fmt::format("{} days", age.count() / 86400);
}

// How far the session went before the mailbox.
std::string reached(const ImapLoginFacts& facts, const Limits& limits) {
  if (facts.is_logged_in) return fmt::format("logged in as {} ({})", limits.user, facts.mechanism.value_or(""));
  if (facts.is_preauthenticated) return "logged in by the connection alone (PREAUTH)";
  if (facts.capabilities) return "ready, not logged in";
  return facts.tls ? "greeting received, TLS established" : "greeting received";
}

std::string summary(const ImapLoginFacts& facts, const Limits& limits) {
  std::string text = facts.host + ": ";
  text += reached(facts, limits);
  if (facts.mailbox) {
    text += fmt::format(", {} has {} message{}", limits.mailbox, facts.mailbox->messages,
                        facts.mailbox->messages == 1 ? "" : "s");
  }
  if (facts.unseen) text += fmt::format(", {} unseen", *facts.unseen);
  if (facts.hits) text += fmt::format(", {} found", *facts.hits);
  if (facts.newest_age) text += fmt::format(", newest {} old", age_in_words(*facts.newest_age));
  text += fmt::format(", {:.3f} s", base::to_seconds(facts.total));
  for (const auto& alert : facts.alerts) text += fmt::format(", \"{}\"", alert);  // RFC 9051: must reach the user
  return text;
}

// One header block as "From: a; Subject: b": unfolded, without the labels' line ends.
std::string header_line(const imap::Message& message) {
  std::string text = fmt::format("{}: ", message.uid ? *message.uid : message.sequence);
  bool is_line_start = false;
  for (const char c : message.header) {
    if (c == '\n') is_line_start = true;
    if (c == '\r' || c == '\n') continue;
    if (is_line_start && c != ' ' && c != '\t') text += "; ";
    is_line_start = false;
    text += c;
  }
  return text;
}

void add_facts(plugin::Report& report, const ImapLoginFacts& facts) {
  if (facts.greeting) add_fact(report, "greeting", *facts.greeting);
  if (facts.capabilities_before_tls)
    report.facts.push_back({"capabilities_before_tls", *facts.capabilities_before_tls});
  if (facts.capabilities) report.facts.push_back({"capabilities", *facts.capabilities});
  if (facts.mechanism) add_fact(report, "mechanism", *facts.mechanism);
  if (facts.mailbox && facts.mailbox->uid_validity) {
    report.facts.push_back({"uidvalidity", static_cast<double>(*facts.mailbox->uid_validity)});
  }
  if (facts.mailbox && facts.mailbox->uid_next) {
    report.facts.push_back({"uidnext", static_cast<double>(*facts.mailbox->uid_next)});
  }
  if (!facts.newest_messages.empty()) {
    std::vector<std::string> lines;
    for (const auto& message : facts.newest_messages) lines.push_back(header_line(message));
    report.facts.push_back({"newest_messages", std::move(lines)});
  }
}

}  // namespace

plugin::Report judge(const ImapLoginFacts& facts, const Limits& limits) {
  plugin::Report report = report_of(facts, limits.thresholds, limits.findings);
  report.service = "IMAP";
  if (limits.is_insecure && facts.tls) report.caveat = "certificate unverified (--insecure)";
  if (!facts.error) report.summary = summary(facts, limits);
  judge_error(report, facts, limits);
  judge_expectations(report, facts, limits);
  add_measurements(report, facts, limits);
  add_notes(report, facts, limits);
  add_facts(report, facts);
  plugin::judge_limits(report);
  Findings::add_advice(report);
  return report;
}

}  // namespace mailcheck::plugins::imap_login
