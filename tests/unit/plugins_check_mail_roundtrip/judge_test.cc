#include <functional>
#include <set>

#include "plugin/render.h"
#include "unit/plugins_check_mail_roundtrip/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::Scope;
using plugins::mail_roundtrip::judge;
using plugins::mail_roundtrip::Limits;
using probe::RoundtripFacts;

namespace {

// A finding, and how facts and limits differ from those where all is well.
struct Case {
  std::string name;
  Status state;
  std::string text;
  std::function<void(RoundtripFacts&, Limits&)> change;
};

base::Error state_error(ErrorKind kind) {
  return {Stage::state, kind,
          kind == ErrorKind::state_locked ? "/s/x.lock is locked by another run of this check"
                                          : "/s/x cannot be written: no space left"};
}

// The run ended before anything was reached.
void stop_at_state(RoundtripFacts& facts, ErrorKind kind) {
  facts = blind_facts(Stage::connect, ErrorKind::connect);
  facts.imap = {};
  facts.imap.host = "imap.example.test";
  facts.has_state = true;
  facts.state_error = state_error(kind);
}

mail::AuthenticationResults& results(RoundtripFacts& facts) {
  return facts.arrivals.front().authentication.results;
}

std::vector<Case> state_cases() {
  return {
      {"state-locked", Status::unknown,
       "state-locked, /s/x.lock is locked by another run of this check; nothing was sent",
       [](auto& facts, auto&) { stop_at_state(facts, ErrorKind::state_locked); }},
      {"state-unusable", Status::unknown, "state-unusable, /s/x cannot be written: no space left; nothing was sent",
       [](auto& facts, auto&) { stop_at_state(facts, ErrorKind::local); }},
      {"state-reset", Status::ok, "state-reset, /s/x is damaged; it was renamed to x.bad and is not used",
       [](auto& facts, auto&) { facts.set_aside = "/s/x is damaged; it was renamed to x.bad and is not used"; }},
      {"lost", Status::critical, "lost, the message of 2026-06-15 01:00:00 UTC has not arrived",
       [](auto& facts, auto&) { facts.lost = {{.sent = ago(2h), .is_overtaken = false}}; }},
      {"given-up", Status::ok,
       "given-up, a message of an earlier run, perhaps accepted, has not arrived, no longer looked for",
       [](auto& facts, auto&) { facts.given_up = 1; }},
      {"greylisted-too-long", Status::critical,
       "not accepted by smtp.example.test, greylisted-too-long, smtp rcpt: greylisted, our words: 450 4.2.0 \"later\", "
       "after 0.084 s; first "
       "refused 1801 s ago, 1800 s are tolerated",
       [](auto& facts, auto&) {
         facts = refused_facts(Stage::rcpt, ErrorKind::greylisted, "450 4.2.0", "later");
         facts.has_state = true;
         facts.greylisted_for = 1801s;
       }},
  };
}

std::vector<Case> arrival_cases() {
  return {
      {"could-not-look", Status::critical,
       "could-not-look at imap.example.test, nothing was sent: imap auth: auth-failed, our words: NO \"their words\", "
       "after 0.084 s",
       [](auto& facts, auto&) { facts = blind_facts(Stage::auth, ErrorKind::auth_failed); }},
      {"not-seen", Status::critical,
       "not-seen, not in INBOX or Junk within 45.0 s, accepted by smtp.example.test: 250 2.0.0 \"Ok: queued as 4F2\"",
       [](auto& facts, auto&) { facts = unseen_facts(); }},
      {"pending", Status::ok, "pending, 1 message is looked for", [](auto& facts, auto&) { facts = pending_facts(); }},
      {"late", Status::ok, "late, the message of 2026-06-15 02:00:00 UTC arrived after 300 s in INBOX",
       [](auto& facts, auto&) { facts.arrivals.push_back(late_arrival(300s)); }},
      {"junk", Status::warning, "arrived after 2.31 s in Junk",
       [](auto& facts, auto&) {
         facts.arrivals.front().folder = "Junk";
         facts.arrivals.front().is_junk = true;
       }},
      {"duplicate", Status::warning, "duplicate, 2 copies arrived, in INBOX",
       [](auto& facts, auto&) { facts.arrivals.push_back(good_arrival()); }},
      {"bounced", Status::critical, "bounced by mx.example.test: 550 5.1.1 No such user (unknown-recipient)",
       [](auto& facts, auto&) {
         facts = unseen_facts();
         facts.bounces = {failure()};
       }},
      {"delayed", Status::warning, "delayed by mx.example.test: 451 4.4.1 Connection timed out (temporary)",
       [](auto& facts, auto&) { facts.bounces = {delay()}; }},
      {"junk-not-watched", Status::ok, "junk-not-watched, Junk cannot be looked into: no such folder",
       [](auto& facts, auto&) { facts.junk_fault = "Junk cannot be looked into: no such folder"; }},
      {"bounces-not-watched", Status::warning, "bounces-not-watched, imap.example.test: log in refused",
       [](auto& facts, auto&) { facts.bounce_fault = "imap.example.test: log in refused"; }},
      {"cleanup-failed", Status::ok, "cleanup-failed, INBOX: read-only",
       [](auto& facts, auto&) { facts.clean_up.faults = {"INBOX: read-only"}; }},
      {"clock-skew", Status::ok, "clock-skew, a server on the way stamped an earlier time than the one before it",
       [](auto& facts, auto&) { facts.arrivals.front().path.has_skew = true; }},
      {"not-measured", Status::unknown, "not-measured, spam_score: the header of the message does not tell it",
       [](auto& facts, auto& limits) {
         facts.arrivals.front().spam.reset();
         limits.thresholds.set_warning("spam_score", *plugin::Range::parse("5"));
       }},
  };
}

std::vector<Case> authentication_cases() {
  return {
      {"spf-failed", Status::critical, "spf-failed, spf=fail for example.org",
       [](auto& facts, auto& limits) {
         results(facts).spf->result = "fail";
         limits.required = {"spf"};
       }},
      {"dkim-failed", Status::critical, "dkim-failed, dkim=fail for example.org",
       [](auto& facts, auto& limits) {
         results(facts).dkim.front().result = "fail";
         limits.required = {"dkim"};
       }},
      {"dmarc-failed", Status::critical, "dmarc-failed, dmarc=fail for example.org",
       [](auto& facts, auto& limits) {
         results(facts).dmarc->result = "fail";
         limits.required = {"dmarc"};
       }},
      {"authentication-missing", Status::critical, "authentication-missing, no trusted result of spf",
       [](auto& facts, auto& limits) {
         results(facts).spf.reset();
         limits.required = {"spf"};
       }},
      {"authentication-unreadable", Status::unknown, "authentication-unreadable, no method",
       [](auto& facts, auto& limits) {
         results(facts).spf.reset();
         results(facts).unreadable = "no method";
         limits.required = {"spf"};
       }},
      {"not-aligned", Status::critical,
       "not-aligned, From is example.org, passed: spf for example.org, dkim for example.org (strict alignment)",
       [](auto& facts, auto& limits) {
         facts.arrivals.front().authentication.alignment = {};
         limits.alignment = mail::AlignmentMode::strict;
       }},
      {"dmarc-none", Status::ok, "dmarc-none, the receiving server says that the policy of example.org is none",
       [](auto& facts, auto&) { results(facts).dmarc->policy = "none"; }},
      {"dmarc-unanswered", Status::ok, "dmarc-unanswered, no answer",
       [](auto& facts, auto&) {
         facts.arrivals.front().authentication.dmarc_policy = authentication::DmarcPolicy{.detail = "no answer"};
       }},
      {"organizational-domain", Status::ok,
       "organizational-domain, example.org by DNS tree walk, org by the public suffix list",
       [](auto& facts, auto& limits) {
         auto& authentication = facts.arrivals.front().authentication;
         authentication.organizational_domain.domain_by_list = "org";
         authentication.alignment = {.dkim = mail::Alignment::relaxed, .spf = mail::Alignment::none};
         limits.alignment = mail::AlignmentMode::relaxed;
       }},
  };
}

std::vector<Case> note_cases() {
  return {
      {"address-failed", Status::ok, "smtp connect: address-failed, 2001:db8::25: network unreachable",
       [](auto& facts, auto&) {
         facts.submission->failed_addresses = {{"2001:db8::25", "network unreachable"}};
       }},
      {"unverified", Status::ok, "imap tls: unverified, expired: 5 days ago",
       [](auto& facts, auto&) {
         facts.imap.tls->faults = {{ErrorKind::expired, "5 days ago"}};
       }},
      {"alert", Status::ok, "imap alert: disk full", [](auto& facts, auto&) { facts.imap.alerts = {"disk full"}; }},
      {"referral", Status::ok, "imap referral: imap://b.example.test",
       [](auto& facts, auto&) { facts.imap.referrals = {"imap://b.example.test"}; }},
      {"deviation", Status::ok, "smtp deviation: bare LF",
       [](auto& facts, auto&) { facts.submission->quirks = {"bare LF"}; }},
      {"secret-file-readable", Status::ok, "secret-file-readable: /etc/secret",
       [](auto&, auto& limits) { limits.readable_secret_files = {"/etc/secret"}; }},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& cases : {state_cases(), arrival_cases(), authentication_cases(), note_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

plugin::Report judged(const Case& one, std::string_view result = {}, Status state = Status::ok) {
  RoundtripFacts facts = good_facts();
  Limits limit = limits();
  one.change(facts, limit);
  if (!result.empty()) limit = with_result(std::move(limit), result, state);
  return judge(facts, limit);
}

// Those that end the SMTP side, so that the message is not accepted by smtp.example.test, or nobody knows.
std::vector<ErrorKind> endings() {
  const auto known = plugins::finding_names(Scope::roundtrip);
  std::vector<ErrorKind> kinds;
  for (int number = 0; number <= static_cast<int>(ErrorKind::local); ++number) {
    const auto kind = static_cast<ErrorKind>(number);
    const bool is_known = std::find(known.begin(), known.end(), base::to_string(kind)) != known.end();
    if (is_known && kind != ErrorKind::state_locked) kinds.push_back(kind);
  }
  return kinds;
}

std::string line_of(const plugin::Report& report) {
  const std::string text = plugin::render(report, {});
  return text.substr(0, text.find(" | "));
}

}  // namespace

TEST_CASE("what is well makes no finding") {
  const auto report = judge(good_facts(), limits());
  CHECK(report.findings.empty());
  CHECK(report.summary == "arrived after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass");
  CHECK(report.caveat.empty());
  CHECK(report.service == "ROUNDTRIP");
  CHECK(report.host == "smtp.example.test");
  CHECK(report.address == "192.0.2.25");
  CHECK(report.port == 587);
  CHECK(report.server.code == "221");
}

TEST_CASE("every finding has its default state and words, and --result changes the state") {
  for (const Case& one : all_cases()) {
    CAPTURE(one.name);
    const auto report = judged(one);
    const auto found = finding(report, one.name);
    CHECK(found.text == one.text);
    CHECK(found.status == one.state);
    CHECK(plugin::status(report) == one.state);
    CHECK_FALSE(found.hint.empty());
    CHECK(line_of(report).size() > std::string("ROUNDTRIP CRITICAL - ").size());
    for (const Status state : {Status::ok, Status::warning, Status::critical, Status::unknown}) {
      const auto changed = judged(one, one.name, state);
      CHECK(finding(changed, one.name).status == state);
      CHECK(finding(changed, one.name).text == one.text);
      CHECK(plugin::status(changed) == state);
      CHECK(names(changed) == names(report));
    }
  }
}

TEST_CASE("every error that ends the SMTP side is the finding of its kind, and --result changes the state") {
  for (const ErrorKind kind : endings()) {
    const std::string name(base::to_string(kind));
    CAPTURE(name);
    const auto facts = refused_facts(Stage::mail, kind, "550", "their words");
    const auto report = judge(facts, limits());
    REQUIRE(names(report) == Names{name});
    CHECK(report.findings[0].text ==
          "not accepted by smtp.example.test, smtp mail: " + name + ", our words: 550 \"their words\", after 0.084 s");
    CHECK(plugin::status(report) == plugins::Findings().make(name, "").status);
    CHECK(report.summary.empty());
    for (const Status state : {Status::ok, Status::warning, Status::critical, Status::unknown}) {
      CHECK(plugin::status(judge(facts, with_result(limits(), name, state))) == state);
    }
  }
}

TEST_CASE("every error that ends the IMAP side is could-not-look at imap.example.test, with the advice of its kind") {
  for (int number = 0; number <= static_cast<int>(ErrorKind::local); ++number) {
    const auto kind = static_cast<ErrorKind>(number);
    const std::string name(base::to_string(kind));
    CAPTURE(name);
    const auto report = judge(blind_facts(Stage::list, kind), limits());
    REQUIRE(names(report) == Names{"could-not-look"});
    CHECK(report.findings[0].text == "could-not-look at imap.example.test, nothing was sent: imap list: " + name +
                                         ", our words: NO \"their words\", after 0.084 s");
    CHECK(report.findings[0].hint == plugins::Findings().make(name, "").hint);
    CHECK(plugin::status(report) == Status::critical);
    CHECK(plugin::status(judge(blind_facts(Stage::list, kind), with_result(limits(), name, Status::ok))) ==
          Status::critical);
  }
}

TEST_CASE("these are all the findings there are") {
  std::set<std::string> tried = {"transcript-failed"};  // not the judge's: tests/unit/plugins_shared/run_test.cc
  for (const Case& one : all_cases()) tried.insert(one.name);
  for (const ErrorKind kind : endings()) tried.emplace(base::to_string(kind));
  const auto known = plugins::finding_names(Scope::roundtrip);
  CHECK(tried == std::set<std::string>(known.begin(), known.end()));
}

// ---------------------------------------------------------------- arrived

TEST_CASE("a message in the junk folder is a warning, unless that is where it belongs") {
  auto facts = good_facts();
  facts.arrivals.front().folder = "Unwanted";
  facts.arrivals.front().is_junk = true;
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP WARNING - arrived after 2.31 s in Unwanted; dkim pass, spf pass, dmarc pass");
  CHECK(line_of(judge(facts, with_result(limits(), "junk", Status::ok))) ==
        "ROUNDTRIP OK - arrived after 2.31 s in Unwanted; dkim pass, spf pass, dmarc pass");
  CHECK(metric(judge(facts, limits()), "junk")->value == 1);
}

TEST_CASE("graver findings do not push out where the message is") {
  auto facts = good_facts();
  facts.arrivals.front().folder = "Junk";
  facts.arrivals.front().is_junk = true;
  facts.arrivals.front().authentication.results = {};
  facts.bounces = {delay(), delay()};
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP WARNING - delayed by mx.example.test: 451 4.4.1 Connection timed out (temporary); delayed by "
        "mx.example.test: 451 4.4.1 Connection timed out (temporary); arrived after 2.31 s in Junk");
  facts.lost = {{.sent = ago(2h), .is_overtaken = false}};
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP CRITICAL - lost, the message of 2026-06-15 01:00:00 UTC has not arrived; delayed by "
        "mx.example.test: 451 4.4.1 Connection timed out (temporary); delayed by mx.example.test: 451 4.4.1 Connection "
        "timed out (temporary); and 1 more; arrived after 2.31 s in Junk");
}

TEST_CASE("copies are counted, and their folders named once") {
  auto facts = good_facts();
  facts.arrivals.resize(3, good_arrival());
  facts.arrivals[2].folder = "Junk";
  facts.arrivals[2].is_junk = true;
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP WARNING - duplicate, 3 copies arrived, in INBOX and Junk; arrived after 2.31 s in INBOX; dkim pass, "
        "spf pass, dmarc pass");
  facts.arrivals.resize(1);
  facts.arrivals.push_back(late_arrival(300s));  // no copy
  CHECK(alarms(judge(facts, limits())).empty());
}

TEST_CASE("a connection that is lost after the arrival changes no verdict") {
  auto facts = good_facts();
  facts.imap.error = base::Error{Stage::fetch, ErrorKind::connection_lost, "the server closed the connection"};
  facts.clean_up = {};
  facts.clean_up_time.reset();
  const auto report = judge(facts, limits());
  REQUIRE(names(report) == Names{"cleanup-failed"});
  CHECK(report.findings[0].text ==
        "cleanup-failed, nothing was removed: imap fetch: connection-lost, the server closed "
        "the connection, after 0.084 s");
  CHECK(plugin::status(report) == Status::ok);
  CHECK(report.summary.starts_with("arrived after 2.31 s in INBOX"));
  CHECK(report.host == "imap.example.test");
}

TEST_CASE("the way of the message is told as facts, whatever its stamps leave out") {
  auto facts = good_facts();
  facts.arrivals.front().path.hops[0].from.clear();
  facts.arrivals.front().path.hops[1].by.clear();
  const auto report = judge(facts, limits());
  CHECK(fact(report, "hops") == "? to smtp.example.test; smtp.example.test to ?");
  CHECK(fact(report, "slowest_hop") == "smtp.example.test to mx.example.test");
  CHECK(fact(report, "spam_header") == "X-Spam-Status");
  CHECK(fact(report, "spam_marked") == "no");
  CHECK(fact(report, "acceptance") == "250 2.0.0 \"Ok: queued as 4F2\"");
  CHECK(fact(report, "message_id") == "0123.4567@example.org");
  CHECK(fact(report, "folders") == "INBOX; Junk");
  CHECK(fact(report, "smtp_host") == "smtp.example.test");
  CHECK(fact(report, "smtp_mechanism") == "PLAIN");
  CHECK(fact(report, "imap_user") == "probe");
  CHECK(fact(report, "poller") == "poller.example.org");
}

// ---------------------------------------------------------------- not seen

TEST_CASE("a message that is not seen names the folders, the time and the server that took it") {
  auto facts = unseen_facts();
  facts.folders = {"INBOX"};
  facts.junk_fault = "Junk cannot be looked into: no";
  facts.submission->replies.back() = {
      .stage = Stage::data, .code = 250, .enhanced = "", .text = "", .recipient = {}, .kind = {}};
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"not-seen", "junk-not-watched"});
  CHECK(line_of(report) ==
        "ROUNDTRIP CRITICAL - not-seen, not in INBOX (the junk folder was not watched) within 45.0 s, accepted by "
        "smtp.example.test: 250");
}

TEST_CASE("with a state the message is pending, and the line says so") {
  auto facts = pending_facts();
  facts.pending = 3;
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"pending"});
  CHECK(report.findings[0].text == "pending, 3 messages are looked for");
  CHECK(line_of(report) == "ROUNDTRIP OK - accepted, not yet in INBOX or Junk after 3.00 s, the next run looks for it");
  CHECK(metric(report, "pending")->value == 3);
  CHECK(metric(report, "lost")->value == 0);
  CHECK(metric(report, "transit") == nullptr);
  CHECK(line_of(judge(facts, with_result(limits(), "pending", Status::warning))) ==
        "ROUNDTRIP WARNING - pending, 3 messages are looked for; accepted, not yet in INBOX or Junk after 3.00 s, the "
        "next run looks for it");
  CHECK(alarms(judge(facts, with_warning("pending", "2"))) == Names{"threshold"});
}

TEST_CASE("a state that could not be written keeps nothing pending, and counts nothing") {
  auto facts = unseen_facts();
  facts.has_state = true;
  facts.state_error = state_error(ErrorKind::local);
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"state-unusable", "not-seen"});
  CHECK(report.findings[0].text == "state-unusable, /s/x cannot be written: no space left");
  CHECK(metric(report, "pending") == nullptr);
  CHECK(metric(report, "lost") == nullptr);
  CHECK(finding(judge(facts, with_warning("lost", "0")), "not-measured").text ==
        "not-measured, lost: the state cannot be used");
}

TEST_CASE("a state that could not be written before the final dot ends the run, and is told once") {
  auto facts = refused_facts(Stage::state, ErrorKind::local, "", "");
  facts.has_state = true;
  facts.state_error = state_error(ErrorKind::local);
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP UNKNOWN - state-unusable, /s/x cannot be written: no space left; nothing was sent");
  facts.submission->error->stage = Stage::data;  // the message was offered: nobody claims that it was not
  facts.submission->error->kind = ErrorKind::content_rejected;
  CHECK(names(judge(facts, limits())) == Names{"state-unusable", "content-rejected"});
  CHECK(judge(facts, limits()).findings[0].text == "state-unusable, /s/x cannot be written: no space left");
}

// ---------------------------------------------------------------- not accepted

TEST_CASE("a refusal is told in the server's words") {
  CHECK(line_of(judge(refused_facts(Stage::rcpt, ErrorKind::mailbox_full, "552 5.2.2", "over quota"), limits())) ==
        "ROUNDTRIP CRITICAL - not accepted by smtp.example.test, smtp rcpt: mailbox-full, our words: 552 5.2.2 \"over "
        "quota\", after 0.084 s");
  auto listed = refused_facts(Stage::connect, ErrorKind::blocklisted, "554", "go away");
  listed.submission->block_list = "zen.example.test";
  const auto report = judge(listed, limits());
  CHECK(report.findings[0].text ==
        "not accepted by smtp.example.test, smtp connect: blocklisted, our words (zen.example.test): 554 \"go away\", "
        "after 0.084 s");
  CHECK(fact(report, "reply_class") == "blocklisted");
  CHECK(fact(report, "acceptance").empty());
}

TEST_CASE("greylisting is tolerated for a time that the state knows") {
  struct Row {
    bool has_state;
    std::optional<base::Duration> since;
    Status state;
    std::string end;
  };
  const auto row = GENERATE(values<Row>({
      {false, 0s, Status::warning, "after 0.084 s"},
      {false, std::nullopt, Status::warning, "after 0.084 s"},
      {true, 0s, Status::warning, "; first refused 0 s ago, 1800 s are tolerated"},
      {true, 1800s, Status::warning, "; first refused 1800 s ago, 1800 s are tolerated"},
      {true, 1801s, Status::critical, "; first refused 1801 s ago, 1800 s are tolerated"},
  }));
  CAPTURE(row.end);
  auto facts = refused_facts(Stage::rcpt, ErrorKind::greylisted, "450", "later");
  facts.has_state = row.has_state;
  facts.greylisted_for = row.since;
  const auto report = judge(facts, limits());
  CHECK(plugin::status(report) == row.state);
  CHECK(names(report) == Names{row.state == Status::critical ? "greylisted-too-long" : "greylisted"});
  CHECK(report.findings[0].text.ends_with(row.end));
  CHECK(report.findings[0].text.starts_with("not accepted by smtp.example.test, "));
}

// ---------------------------------------------------------------- nobody knows whether it was accepted

TEST_CASE("a connection lost after the final dot says what is known of the message") {
  const std::string unknown =
      "smtp data: delivery-unknown, the connection was lost after the final dot, so that nobody knows whether the "
      "message was taken, after 0.084 s";
  const auto unseen = judge(without_reply(unseen_facts()), limits());
  CHECK(names(unseen) == Names{"delivery-unknown", "not-seen"});
  CHECK(unseen.findings[0].text == unknown);
  CHECK(unseen.findings[1].text ==
        "not-seen, not in INBOX or Junk within 45.0 s, perhaps accepted by smtp.example.test");
  CHECK(plugin::status(unseen) == Status::critical);

  const auto pending = judge(without_reply(pending_facts()), limits());
  CHECK(alarms(pending) == Names{"delivery-unknown"});
  CHECK(line_of(pending) == "ROUNDTRIP WARNING - " + unknown +
                                "; perhaps accepted, not yet in INBOX or Junk after 3.00 s, the next run looks for it");
}

TEST_CASE("a message that is there was taken, whatever became of the reply") {
  const auto arrived = judge(without_reply(good_facts()), limits());
  CHECK(names(arrived) == Names{"deviation"});
  CHECK(arrived.findings[0].text == "smtp deviation: no reply to the final dot, but the message was taken");
  CHECK(line_of(arrived) == "ROUNDTRIP OK - arrived after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass");

  auto late = without_reply(good_facts());
  late.submission->error->kind = ErrorKind::timeout;
  CHECK(alarms(judge(late, limits())) == Names{"timeout"});  // users wait for that reply
  CHECK(judge(late, limits()).findings[0].text ==
        "smtp data: timeout, no reply to the final dot, but the message was taken, after 0.084 s");
}

TEST_CASE("a report on a message shows that it was taken, one on another message does not") {
  auto facts = without_reply(unseen_facts());
  facts.bounces = {failure()};
  CHECK(alarms(judge(facts, limits())) == Names{"bounced"});
  facts.bounces = {delay()};
  CHECK(alarms(judge(facts, limits())) == Names{"delayed", "not-seen"});
  facts.bounces.front().is_of_this_run = false;
  CHECK(alarms(judge(facts, limits())) == Names{"delivery-unknown", "delayed", "not-seen"});
}

// ---------------------------------------------------------------- could not look

TEST_CASE("who cannot look says whether anything was sent") {
  auto facts = unseen_facts();
  facts.imap.error = base::Error{Stage::fetch, ErrorKind::connection_lost, "the server closed the connection"};
  const std::string why = ": imap fetch: connection-lost, the server closed the connection, after 0.084 s";
  const auto text = [](const RoundtripFacts& some) { return finding(judge(some, limits()), "could-not-look").text; };
  CHECK(text(facts) == "could-not-look at imap.example.test, the message was accepted" + why);
  CHECK(names(judge(facts, limits())) == Names{"could-not-look"});
  CHECK(text(without_reply(facts)) == "could-not-look at imap.example.test, the message was perhaps accepted" + why);
  facts.has_state = true;
  facts.is_kept_as_pending = true;
  facts.pending = 1;
  CHECK(text(facts) ==
        "could-not-look at imap.example.test, the message was accepted, the next run looks for it" + why);
  CHECK(judge(facts, limits()).host == "imap.example.test");
}

TEST_CASE("nobody can look: the line names the side, the step and the server's words") {
  auto facts = blind_facts(Stage::auth, ErrorKind::auth_failed);
  facts.imap.error->detail = "user name or password refused";
  facts.imap.error->peer_code = "NO [AUTHENTICATIONFAILED]";
  facts.imap.error->peer_text = "Authentication failed.";
  const auto report = judge(facts, limits());
  CHECK(line_of(report) ==
        "ROUNDTRIP CRITICAL - could-not-look at imap.example.test, nothing was sent: imap auth: auth-failed, user name "
        "or password refused: "
        "NO [AUTHENTICATIONFAILED] \"Authentication failed.\", after 0.084 s");
  CHECK(report.host == "imap.example.test");
  CHECK(report.address == "192.0.2.93");
  CHECK(report.port == 993);
  CHECK(fact(report, "message_id").empty());
}

// ---------------------------------------------------------------- reports of other servers

TEST_CASE("a bounce says who, in whose words, and what they mean") {
  struct Row {
    std::string host;
    std::string status;
    std::string reply;
    std::string text;
  };
  const auto row = GENERATE(values<Row>({
      {"mx.example.test", "5.1.1", "550 5.1.1 No such user",
       "bounced by mx.example.test: 550 5.1.1 No such user (unknown-recipient)"},
      {"", "5.1.1", "550 5.1.1 No such user", "bounced: 550 5.1.1 No such user (unknown-recipient)"},
      {"", "5.1.1", "", "bounced: 5.1.1 (unknown-recipient)"},
      {"", "", "", "bounced: no reason given (unknown-recipient)"},
  }));
  auto facts = unseen_facts();
  facts.bounces = {failure()};
  facts.bounces.front().report.remote_host = row.host;
  facts.bounces.front().report.status = row.status;
  facts.bounces.front().report.reply = row.reply;
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"bounced"});  // and not not-seen: its fate is known
  CHECK(report.findings[0].text == row.text);
}

TEST_CASE("a bounce of an earlier run says so, and leaves this run's message alone") {
  auto facts = good_facts();
  facts.bounces = {failure()};
  facts.bounces.front().is_of_this_run = false;
  facts.bounces.front().sent = ago(1h);
  CHECK(
      line_of(judge(facts, limits())) ==
      "ROUNDTRIP CRITICAL - the message of 2026-06-15 02:00:00 UTC: bounced by mx.example.test: 550 5.1.1 No such user "
      "(unknown-recipient); arrived after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass");
  auto unseen = unseen_facts();
  unseen.bounces = facts.bounces;
  CHECK(alarms(judge(unseen, limits())) == Names{"bounced", "not-seen"});
}

TEST_CASE("a delay is a warning, with the message and without it") {
  auto facts = unseen_facts();
  facts.bounces = {delay()};
  facts.bounces.front().report.retry_until = "Sat, 20 Jun 2026 03:00:00 +0000";
  CHECK(alarms(judge(facts, limits())) == Names{"delayed", "not-seen"});
  CHECK(fact(judge(facts, limits()), "reports") ==
        "delayed for user@example.test, status 5.1.1, tried until Sat, 20 Jun 2026 03:00:00 +0000");
  auto pending = pending_facts();
  pending.bounces = facts.bounces;
  CHECK(alarms(judge(pending, limits())) == Names{"delayed"});
  auto arrived = good_facts();
  arrived.bounces = facts.bounces;
  CHECK(line_of(judge(arrived, limits())) ==
        "ROUNDTRIP WARNING - delayed by mx.example.test: 451 4.4.1 Connection timed out (temporary); arrived after "
        "2.31 s in INBOX; dkim pass, spf pass, dmarc pass");
}

// ---------------------------------------------------------------- earlier runs

TEST_CASE("a late message is the news where this run's is not there yet") {
  auto facts = pending_facts();
  facts.arrivals = {late_arrival(300s)};
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"pending", "late"});
  CHECK(line_of(report) ==
        "ROUNDTRIP OK - accepted, not yet in INBOX or Junk after 3.00 s, the next run looks for it; an earlier one "
        "arrived after 300 s in INBOX; dkim pass, spf pass, dmarc pass");
  facts.arrivals.push_back(late_arrival(600s, 2h));
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP OK - accepted, not yet in INBOX or Junk after 3.00 s, the next run looks for it; 2 earlier ones "
        "arrived, the slowest after 600 s");
}

TEST_CASE("a late message in the junk folder is one there") {
  auto facts = pending_facts();
  facts.arrivals = {late_arrival(300s)};
  facts.arrivals.front().folder = "Junk";
  facts.arrivals.front().is_junk = true;
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"pending", "late", "junk"});
  CHECK(finding(report, "junk").text == "junk, the message of 2026-06-15 02:00:00 UTC arrived in Junk");
  CHECK(plugin::status(report) == Status::warning);
  CHECK(metric(report, "junk")->value == 1);
}

TEST_CASE("the delay of a late message that the server does not tell is a bound, and no number") {
  auto facts = pending_facts();
  facts.arrivals = {late_arrival(3600s)};
  facts.arrivals.front().received.reset();
  const auto report = judge(facts, limits());
  CHECK(finding(report, "late").text == "late, the message of 2026-06-15 02:00:00 UTC arrived within 3600 s in INBOX");
  CHECK(metric(report, "transit") == nullptr);
  const auto asked = judge(facts, with_warning("transit", "60"));
  CHECK(alarms(asked) == Names{"not-measured"});
  CHECK(finding(asked, "not-measured").text ==
        "not-measured, transit: the server does not tell when the message arrived");
}

TEST_CASE("transit is this run's, else that of the late one that took longest") {
  auto facts = good_facts();
  facts.arrivals.push_back(late_arrival(300s));
  CHECK(metric(judge(facts, limits()), "transit")->value == 2.31);
  facts.arrivals.erase(facts.arrivals.begin());
  facts.arrivals.push_back(late_arrival(600s, 2h));
  facts.arrivals.push_back(late_arrival(400s, 3h));
  CHECK(metric(judge(facts, limits()), "transit")->value == 600);
}

TEST_CASE("the range of transit judges every message that arrived") {
  auto facts = good_facts();
  facts.arrivals.push_back(late_arrival(300s));
  facts.arrivals.push_back(late_arrival(20s, 2h));
  auto report = judge(facts, with_warning("transit", "60"));
  REQUIRE(alarms(report) == Names{"threshold"});
  CHECK(finding(report, "threshold").text ==
        "transit is 300 s (warning range :60): the message of 2026-06-15 02:00:00 UTC");
  CHECK_FALSE(finding(report, "threshold").hint.empty());
  report = judge(facts, with_warning("transit", "1"));
  CHECK(alarms(report) == Names{"threshold", "threshold", "threshold"});
  facts.arrivals.erase(facts.arrivals.begin());
  report = judge(facts, with_warning("transit", "60"));
  REQUIRE(alarms(report).size() == 1 + 1);  // and not-seen
  CHECK(finding(report, "threshold").text ==
        "transit is 300 s (warning range :60): the message of 2026-06-15 02:00:00 UTC");
}

TEST_CASE("lost messages are told by the oldest") {
  auto facts = good_facts();
  facts.has_state = true;
  facts.lost = {{.sent = ago(2h), .is_overtaken = true}};
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP CRITICAL - lost, the message of 2026-06-15 01:00:00 UTC has not arrived, a later one has; arrived "
        "after 2.31 s in INBOX; dkim pass, spf pass, dmarc pass");
  facts.lost.push_back({.sent = ago(5h), .is_overtaken = false});
  facts.lost.push_back({.sent = ago(3h), .is_overtaken = false});
  const auto report = judge(facts, limits());
  CHECK(finding(report, "lost").text == "lost, the message of 2026-06-14 22:00:00 UTC and 2 more have not arrived");
  CHECK(fact(report, "lost_messages") == "2026-06-15 01:00:00 UTC; 2026-06-14 22:00:00 UTC; 2026-06-15 00:00:00 UTC");
  CHECK(metric(report, "lost")->value == 3);
  facts.given_up = 2;
  CHECK(finding(judge(facts, limits()), "given-up").text ==
        "given-up, 2 messages of earlier runs, perhaps accepted, have not arrived, no longer looked for");
}

// ---------------------------------------------------------------- numbers

TEST_CASE("every label has its threshold") {
  auto facts = good_facts();
  facts.has_state = true;
  facts.pending = 1;
  for (const std::string& label : labels_of(judge(facts, limits()))) {
    CAPTURE(label);
    const auto report = judge(facts, with_warning(label, "-2:-1"));
    CHECK(alarms(report) == Names{"threshold"});
    CHECK(report.findings.back().text.starts_with(label + " is "));
    CHECK(plugin::status(report) == Status::warning);
  }
}

TEST_CASE("the labels stand in the order of the design, each known by its first 19 characters") {
  auto facts = good_facts();
  facts.has_state = true;
  const auto labels = labels_of(judge(facts, limits()));
  CHECK(labels ==
        std::vector<std::string>{"smtp_dns",        "smtp_connect",   "smtp_greeting",  "smtp_ehlo",   "smtp_tls",
                                 "smtp_auth",       "smtp_mail",      "smtp_rcpt",      "smtp_body",   "smtp_data",
                                 "smtp_quit",       "imap_dns",       "imap_connect",   "imap_tls",    "imap_greeting",
                                 "imap_auth",       "imap_list",      "imap_select",    "imap_fetch",  "imap_logout",
                                 "transit",         "cleanup",        "total",          "slowest_hop", "hops",
                                 "spam_score",      "junk",           "pending",        "lost",        "smtp_cert_days",
                                 "smtp_chain_days", "imap_cert_days", "imap_chain_days"});
  std::set<std::string> starts;
  for (const std::string& label : labels) starts.insert(label.substr(0, 19));
  CHECK(starts.size() == labels.size());
}

TEST_CASE("steps that were not reached are absent") {
  const auto report = judge(blind_facts(Stage::select, ErrorKind::mailbox_unusable), limits());
  for (const std::string& label : labels_of(report)) CHECK_FALSE(label.starts_with("smtp_"));
  CHECK(metric(report, "transit") == nullptr);
  CHECK(metric(report, "cleanup") == nullptr);
  CHECK(metric(report, "junk") == nullptr);
  CHECK(metric(report, "total")->value == 2.6);
}

TEST_CASE("the step under way is named with its side") {
  auto facts = refused_facts(Stage::data, ErrorKind::timeout, "", "");
  facts.submission->unfinished_step = Stage::data;
  CHECK(judge(facts, limits()).unfinished_step == "smtp_data");
  facts = blind_facts(Stage::auth, ErrorKind::timeout);
  facts.imap.unfinished_step = Stage::auth;
  CHECK(judge(facts, limits()).unfinished_step == "imap_auth");
}

TEST_CASE("a number that the header does not tell is not measured, if somebody asked") {
  struct Row {
    std::string label;
    bool is_always_there;  // where the header was read
  };
  const auto row = GENERATE(values<Row>({{"slowest_hop", false}, {"hops", true}, {"spam_score", false}}));
  CAPTURE(row.label);
  auto facts = good_facts();
  facts.arrivals.front().path = {};
  facts.arrivals.front().spam.reset();
  CHECK(judge(facts, limits()).findings.empty());
  CHECK((metric(judge(facts, limits()), row.label) != nullptr) == row.is_always_there);
  if (!row.is_always_there) {
    CHECK(finding(judge(facts, with_warning(row.label, "5")), "not-measured").text ==
          "not-measured, " + row.label + ": the header of the message does not tell it");
  }
  facts.arrivals.front().has_header = false;
  CHECK(metric(judge(facts, limits()), row.label) == nullptr);
  CHECK(finding(judge(facts, with_warning(row.label, "5")), "not-measured").text ==
        "not-measured, " + row.label + ": the header of the message could not be read");
}

// ---------------------------------------------------------------- both sides

TEST_CASE("--insecure says which certificate nobody verified") {
  struct Row {
    bool is_smtp;
    bool is_imap;
    std::string caveat;
  };
  const auto row = GENERATE(values<Row>({{false, false, ""},
                                         {true, false, "SMTP certificate unverified (--insecure)"},
                                         {false, true, "IMAP certificate unverified (--insecure)"},
                                         {true, true, "certificates unverified (--insecure)"}}));
  Limits limit = limits();
  limit.is_smtp_insecure = row.is_smtp;
  limit.is_imap_insecure = row.is_imap;
  auto facts = good_facts();
  CHECK(judge(facts, limit).caveat == row.caveat);
  facts.imap.tls.reset();
  facts.submission->tls.reset();
  CHECK(judge(facts, limit).caveat.empty());
  CHECK(judge(blind_facts(Stage::auth, ErrorKind::auth_failed), limit).caveat ==
        (row.is_imap ? "IMAP certificate unverified (--insecure)" : ""));
}

TEST_CASE("the dialogue and the facts of each side have its name") {
  auto facts = good_facts();
  facts.submission->dialogue = {"1.0 ms S: 220 ready"};
  facts.imap.dialogue = {"0.5 ms S: * OK ready"};
  const auto report = judge(facts, limits());
  CHECK(report.dialogue ==
        std::vector<std::string>{"-- smtp", "1.0 ms S: 220 ready", "-- imap", "0.5 ms S: * OK ready"});
  CHECK(fact(report, "smtp_tls_version") == "TLSv1.3");
  CHECK(fact(report, "imap_certificate_subject") == "CN=imap.example.test");
}

TEST_CASE("several findings stand in the line by their weight") {
  auto facts = unseen_facts();
  facts.has_state = true;
  facts.lost = {{.sent = ago(2h), .is_overtaken = false}};
  facts.bounces = {delay()};
  CHECK(line_of(judge(facts, limits())) ==
        "ROUNDTRIP CRITICAL - not-seen, not in INBOX or Junk within 45.0 s, accepted by smtp.example.test: 250 2.0.0 "
        "\"Ok: queued as 4F2\"; lost, the message of 2026-06-15 01:00:00 UTC has not arrived; delayed by "
        "mx.example.test: 451 4.4.1 Connection timed out (temporary)");
}
