#include "plugins/shared/findings.h"

#include <algorithm>
#include <set>

#include "support/catch2.h"

using namespace mailcheck;
using plugin::Status;
using plugins::finding_rows;
using plugins::Findings;
using plugins::Scope;

namespace {

// Those that --result knows in any plugin.
std::set<std::string_view> all_names() {
  std::set<std::string_view> names;
  for (const Scope scope : {Scope::imap, Scope::smtp, Scope::tls, Scope::roundtrip}) {
    const auto some = plugins::finding_names(scope);
    names.insert(some.begin(), some.end());
  }
  return names;
}

bool knows(Scope scope, std::string_view name) {
  const auto names = plugins::finding_names(scope);
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("every kind of error is a row") {
  const auto names = all_names();
  int kinds = 0;
  for (int kind = 0; kind <= static_cast<int>(base::ErrorKind::local); ++kind, ++kinds) {
    const auto name = base::to_string(static_cast<base::ErrorKind>(kind));
    CAPTURE(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
    if (kind != static_cast<int>(base::ErrorKind::local)) CHECK(name != "local");  // to_string knows it
  }
  CHECK(kinds > 25);
}

TEST_CASE("every name that a judge uses is a row") {
  const auto names = all_names();
  for (const std::string_view name : {"address-failed", "unverified", "not-measured", "not-expected", "alert",
                                      "referral", "deviation", "secret-file-readable"}) {
    CAPTURE(name);
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
}

TEST_CASE("rows have names of their own, a meaning and an advice, each one sentence on one line") {
  std::set<std::string_view> seen;
  for (const auto& row : finding_rows()) {
    CAPTURE(row.name);
    CHECK(seen.insert(row.name).second);
    CHECK(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
    CHECK(row.meaning.ends_with('.'));
    CHECK(row.advice.find_last_of(".?") == row.advice.size() - 1);
    CHECK(row.meaning.find_first_of("\r\n|<>") == std::string_view::npos);
    CHECK(row.advice.find_first_of("\r\n|<>") == std::string_view::npos);
  }
}

TEST_CASE("default states are those of the design") {
  struct Row {
    std::string_view name;
    Status state;
  };
  const auto row = GENERATE(values<Row>({{"dns", Status::critical},
                                         {"connect", Status::critical},
                                         {"timeout", Status::critical},
                                         {"greeting", Status::critical},
                                         {"protocol-error", Status::critical},
                                         {"starttls-absent", Status::critical},
                                         {"starttls-refused", Status::critical},
                                         {"starttls-injected", Status::critical},
                                         {"preauth", Status::critical},
                                         {"plain-text-on-tls-port", Status::critical},
                                         {"tls-on-plain-port", Status::critical},
                                         {"tls-handshake", Status::critical},
                                         {"untrusted", Status::critical},
                                         {"missing-intermediate", Status::critical},
                                         {"self-signed", Status::critical},
                                         {"name-mismatch", Status::critical},
                                         {"expired", Status::critical},
                                         {"not-yet-valid", Status::critical},
                                         {"weak-key", Status::critical},
                                         {"weak-digest", Status::critical},
                                         {"old-protocol", Status::critical},
                                         {"plaintext-auth-refused", Status::critical},
                                         {"auth-failed", Status::critical},
                                         {"auth-unavailable", Status::critical},
                                         {"mailbox-unusable", Status::critical},
                                         {"tls-required", Status::critical},
                                         {"not-expected", Status::critical},
                                         {"not-measured", Status::unknown},
                                         {"relay-denied", Status::critical},
                                         {"blocklisted", Status::critical},
                                         {"unknown-recipient", Status::critical},
                                         {"mailbox-full", Status::critical},
                                         {"too-large", Status::critical},
                                         {"content-rejected", Status::critical},
                                         {"policy", Status::critical},
                                         {"permanent", Status::critical},
                                         {"open-relay", Status::critical},
                                         {"greylisted", Status::warning},
                                         {"rate-limited", Status::warning},
                                         {"temporary", Status::warning},
                                         {"service-closing", Status::warning},
                                         {"delivery-unknown", Status::warning},
                                         {"criteria-refused", Status::unknown},
                                         {"quota-unavailable", Status::unknown},
                                         {"local", Status::unknown},
                                         {"old-protocol-accepted", Status::warning},
                                         {"no-forward-secrecy", Status::warning},
                                         {"weak-group", Status::critical},
                                         {"weak-cipher", Status::critical},
                                         {"anonymous-suite", Status::critical},
                                         {"null-suite", Status::critical},
                                         {"wrong-purpose", Status::critical},
                                         {"revoked", Status::critical},
                                         {"staple-missing", Status::critical},
                                         {"staple-stale", Status::warning},
                                         {"staple-invalid", Status::warning},
                                         {"key-type-absent", Status::critical},
                                         {"chain-order", Status::ok},
                                         {"surplus-certificate", Status::ok},
                                         {"dane-mismatch", Status::critical},
                                         {"dane-bogus", Status::critical},
                                         {"dane-absent", Status::critical},
                                         {"dane-insecure", Status::critical},
                                         {"dane-unusable", Status::warning},
                                         {"dane-unanswered", Status::unknown},
                                         {"dane-rollover", Status::ok},
                                         {"dane-remote-resolver", Status::ok},
                                         {"mx-null", Status::critical},
                                         {"mta-sts-absent", Status::critical},
                                         {"mta-sts-invalid", Status::critical},
                                         {"mta-sts-unreachable", Status::critical},
                                         {"mta-sts-mismatch", Status::critical},
                                         {"mta-sts-none", Status::warning},
                                         {"mta-sts-testing", Status::ok},
                                         {"mta-sts-short-lived", Status::ok},
                                         {"caa", Status::ok},
                                         {"tls-rpt", Status::ok},
                                         {"address-failed", Status::ok}}));
  CAPTURE(row.name);
  CHECK(Findings().make(row.name, "").status == row.state);
}

TEST_CASE("a finding has its row's state and advice") {
  for (const auto& row : finding_rows()) {
    const auto finding = Findings().make(row.name, "what happened");
    CHECK(finding.name == row.name);
    CHECK(finding.status == row.state);
    CHECK(finding.hint == row.advice);
    CHECK(finding.text == "what happened");
  }
}

TEST_CASE("--result overrides each row, and no other") {
  const Status state = GENERATE(Status::ok, Status::warning, Status::critical, Status::unknown);
  for (const auto& row : finding_rows()) {
    const Findings findings(std::map<std::string, Status>{{std::string(row.name), state}});
    for (const auto& other : finding_rows()) {
      const Status expected = other.name == row.name ? state : other.state;
      if (findings.make(other.name, "").status != expected) FAIL(row.name << " changes " << other.name);
    }
    CHECK(findings.make(row.name, "").hint == row.advice);
  }
}

TEST_CASE("a state that is not the row's to decide is none for --result") {
  const auto names = all_names();
  CHECK(names.size() + 4 == finding_rows().size());
  for (const std::string_view name : {"threshold", "usage", "internal-error", "information"}) {
    CAPTURE(name);
    CHECK(std::find(names.begin(), names.end(), name) == names.end());
    CHECK(std::any_of(finding_rows().begin(), finding_rows().end(), [&](const auto& row) { return row.name == name; }));
  }
}

TEST_CASE("findings made elsewhere get their rows' advice, and keep state and a hint of their own") {
  plugin::Report report;
  report.findings = {{.name = "threshold", .status = Status::critical, .text = "unseen is 3"},
                     {.name = "timeout", .status = Status::ok, .text = "x", .hint = "of its own"},
                     {.name = "no-such-finding", .text = "x"}};
  Findings::add_advice(report);
  CHECK(report.findings[0].hint.starts_with("The range is that of -w or -c"));
  CHECK(report.findings[0].status == Status::critical);
  CHECK(report.findings[1].hint == "of its own");
  CHECK(report.findings[2].hint.empty());
}

TEST_CASE("a plugin's --result does not know what only other sessions can show") {
  struct Row {
    std::string_view name;
    bool in_imap;
    bool in_smtp;
    bool in_tls;
    bool in_roundtrip;
  };
  const auto row = GENERATE(values<Row>({{"dns", true, true, true, true},
                                         {"expired", true, true, true, true},
                                         {"not-measured", true, true, true, true},
                                         {"mailbox-unusable", true, false, false, false},
                                         {"not-expected", true, true, true, false},
                                         {"could-not-look", false, false, false, true},
                                         {"quota-unavailable", true, false, false, false},
                                         {"criteria-refused", true, false, false, false},
                                         {"unknown-recipient", false, true, false, true},
                                         {"delivery-unknown", false, true, false, true},
                                         {"open-relay", false, true, false, false},
                                         {"auth-failed", true, true, false, true},
                                         {"unverified", true, true, false, true},
                                         {"greylisted", false, true, true, true},
                                         {"service-closing", false, true, true, true},
                                         {"preauth", true, false, true, false},
                                         {"old-protocol-accepted", false, false, true, false},
                                         {"revoked", false, false, true, false},
                                         {"dane-mismatch", false, false, true, false},
                                         {"mta-sts-absent", false, false, true, false}}));
  CAPTURE(row.name);
  CHECK(knows(Scope::imap, row.name) == row.in_imap);
  CHECK(knows(Scope::smtp, row.name) == row.in_smtp);
  CHECK(knows(Scope::tls, row.name) == row.in_tls);
  CHECK(knows(Scope::roundtrip, row.name) == row.in_roundtrip);
}

TEST_CASE("scopes are sets: the sums are their parts, and all is every one") {
  struct Row {
    Scope scope;
    std::vector<Scope> parts;
  };
  const auto row = GENERATE(values<Row>({{Scope::mailbox, {Scope::imap, Scope::roundtrip}},
                                         {Scope::submission, {Scope::smtp, Scope::roundtrip}},
                                         {Scope::log_in, {Scope::imap, Scope::smtp, Scope::roundtrip}},
                                         {Scope::upgrade, {Scope::imap, Scope::tls}},
                                         {Scope::single, {Scope::imap, Scope::smtp, Scope::tls}},
                                         {Scope::transfer, {Scope::smtp, Scope::tls, Scope::roundtrip}},
                                         {Scope::all, {Scope::imap, Scope::smtp, Scope::tls, Scope::roundtrip}}}));
  for (const Scope plugin : {Scope::imap, Scope::smtp, Scope::tls, Scope::roundtrip}) {
    const bool is_part = std::find(row.parts.begin(), row.parts.end(), plugin) != row.parts.end();
    CHECK(plugins::overlaps(row.scope, plugin) == is_part);
    CHECK(plugins::overlaps(plugin, row.scope) == is_part);
  }
}

TEST_CASE("--result of a user is told from the row's own state") {
  const Findings findings({{"expired", Status::critical}});
  CHECK(findings.is_settled("expired"));
  CHECK(findings.is_settled(base::ErrorKind::expired));
  CHECK_FALSE(findings.is_settled("untrusted"));
  CHECK_FALSE(Findings().is_settled("expired"));
}

TEST_CASE("a name that is no row is UNKNOWN, not silence") {
  CHECK(Findings().make("no-such-finding", "x").status == Status::unknown);
}
