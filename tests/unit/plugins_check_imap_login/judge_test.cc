#include "plugins/check_imap_login/judge.h"

#include <algorithm>

#include "unit/plugins_check_imap_login/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::Findings;
using plugins::imap_login::judge;
using Texts = std::vector<std::string>;

TEST_CASE("a good session is OK, with a summary, its steps and its numbers") {
  const auto report = judge(good_facts(), limits());
  CHECK(plugin::status(report) == Status::ok);
  CHECK(report.service == "IMAP");
  CHECK(report.summary == "imap.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s");
  CHECK(report.findings.empty());
  CHECK(labels(report) == Texts{"dns", "connect", "tls", "greeting", "capability", "auth", "select", "logout", "total",
                                "cert_days", "chain_days", "messages"});
}

TEST_CASE("the summary says how far the session went and what was seen") {
  struct Row {
    std::string_view change;
    std::string_view summary;
  };
  const auto row = GENERATE(values<Row>({
      {"one message", "logged in as probe (PLAIN), INBOX has 1 message, 0.084 s"},
      {"unseen", "logged in as probe (PLAIN), INBOX has 12 messages, 3 unseen, 0.084 s"},
      {"hits", "logged in as probe (PLAIN), INBOX has 12 messages, 0 found, 0.084 s"},
      {"newest", "logged in as probe (PLAIN), INBOX has 12 messages, newest 119 s old, 0.084 s"},
      {"newest minutes", "logged in as probe (PLAIN), INBOX has 12 messages, newest 2 min old, 0.084 s"},
      {"newest hours", "logged in as probe (PLAIN), INBOX has 12 messages, newest 47 h old, 0.084 s"},
      {"newest days", "logged in as probe (PLAIN), INBOX has 12 messages, newest 2 days old, 0.084 s"},
      {"preauth", "logged in by the connection alone (PREAUTH), INBOX has 12 messages, 0.084 s"},
      {"no account", "ready, not logged in, 0.084 s"},
      {"greeting", "greeting received, TLS established, 0.084 s"},
      {"greeting in clear", "greeting received, 0.084 s"},
      {"auth", "logged in as probe (PLAIN), 0.084 s"},
      {"alert", "logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s, \"[ALERT] read me\""},
  }));
  CAPTURE(row.change);
  auto facts = good_facts();
  if (row.change == "one message") facts.mailbox->messages = 1;
  if (row.change == "unseen") facts.unseen = 3;
  if (row.change == "hits") facts.hits = 0;
  if (row.change == "newest") facts.newest_age = 119s;
  if (row.change == "newest minutes") facts.newest_age = 120s;
  if (row.change == "newest hours") facts.newest_age = 48h - 1s;
  if (row.change == "newest days") facts.newest_age = 48h;
  if (row.change == "preauth") facts.is_preauthenticated = true;
  const bool is_greeting = row.change.starts_with("greeting");
  if (row.change == "preauth" || row.change == "no account" || is_greeting) facts.is_logged_in = false;
  if (row.change == "no account" || is_greeting || row.change == "auth") facts.mailbox.reset();
  if (is_greeting) facts.capabilities.reset();
  if (row.change == "greeting in clear") facts.tls.reset();
  if (row.change == "alert") facts.alerts = {"[ALERT] read me"};
  CHECK(judge(facts, limits()).summary == "imap.example.test: " + std::string(row.summary));
}

TEST_CASE("with --insecure every line ends with saying so, where there was TLS") {
  auto allowed = limits();
  allowed.is_insecure = true;
  CHECK(judge(good_facts(), allowed).caveat == "certificate unverified (--insecure)");
  CHECK(judge(failed_facts(Stage::auth, ErrorKind::timeout, ""), limits()).caveat.empty());
  auto facts = good_facts();
  facts.tls.reset();
  CHECK(judge(facts, allowed).caveat.empty());
}

TEST_CASE("--result settles the state of a refusal that tells nothing, with --refuse too") {
  auto allowed = limits();
  allowed.expectations.is_refusal = true;
  const auto facts = failed_facts(Stage::auth, ErrorKind::auth_unavailable, "later");
  CHECK(plugin::status(judge(facts, allowed)) == Status::unknown);
  allowed.findings = Findings({{"auth-unavailable", Status::critical}});
  CHECK(plugin::status(judge(facts, allowed)) == Status::critical);
}

TEST_CASE("every kind of failure is the finding of its name, in the state of its row") {
  for (int number = 0; number <= static_cast<int>(ErrorKind::local); ++number) {
    const auto kind = static_cast<ErrorKind>(number);
    if (kind == ErrorKind::mailbox_unusable) continue;  // has words of its own
    const auto report = judge(failed_facts(Stage::auth, kind, "server's words"), limits());
    CAPTURE(base::to_string(kind));
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].name == base::to_string(kind));
    CHECK(report.findings[0].status == Findings().make(kind, "").status);
    CHECK(report.findings[0].text ==
          "auth: " + std::string(base::to_string(kind)) + ", our words: \"server's words\", after 0.084 s");
    CHECK_FALSE(report.findings[0].hint.empty());
    CHECK(report.summary.empty());
    CHECK(plugin::status(report) != Status::ok);
  }
}

TEST_CASE("a mailbox that cannot be opened is named, and whose it is, with the server's reply") {
  auto facts = failed_facts(Stage::select, ErrorKind::mailbox_unusable, "Unknown Mailbox");
  facts.error->peer_code = "NO [NONEXISTENT]";
  facts.is_logged_in = true;
  auto allowed = limits();
  allowed.mailbox = "Archive";
  CHECK(judge(facts, allowed).findings[0].text ==
        "select: mailbox-unusable, logged in, but mailbox Archive of probe cannot be opened: NO [NONEXISTENT] "
        "\"Unknown Mailbox\", after 0.084 s");
  facts.is_logged_in = false;  // PREAUTH: the user is not known
  CHECK(judge(facts, allowed).findings[0].text.find("mailbox Archive cannot be opened") != std::string::npos);
}

TEST_CASE("the mechanism that failed is a fact as the one that worked is") {
  const auto has_mechanism = [](const plugin::Report& report) {
    return std::any_of(report.facts.begin(), report.facts.end(), [](const plugin::Fact& fact) {
      return fact.name == "mechanism" && std::get<std::string>(fact.value) == "PLAIN";
    });
  };
  CHECK(has_mechanism(judge(good_facts(), limits())));
  CHECK(has_mechanism(judge(failed_facts(Stage::auth, ErrorKind::auth_failed), limits())));
  auto untried = failed_facts(Stage::auth, ErrorKind::no_mechanism);
  untried.mechanism.reset();
  CHECK_FALSE(has_mechanism(judge(untried, limits())));
}

TEST_CASE("finished steps and the certificate are reported on failure too") {
  const auto report = judge(failed_facts(Stage::select, ErrorKind::mailbox_unusable), limits());
  CHECK(labels(report) == Texts{"dns", "connect", "tls", "greeting", "capability", "auth", "select", "logout", "total",
                                "cert_days", "chain_days"});
}

TEST_CASE("--result gives a failure another state") {
  auto allowed = limits();
  allowed.findings = Findings({{"auth-unavailable", Status::warning}});
  CHECK(plugin::status(judge(failed_facts(Stage::auth, ErrorKind::auth_unavailable), allowed)) == Status::warning);
  CHECK(plugin::status(judge(failed_facts(Stage::auth, ErrorKind::auth_failed), allowed)) == Status::critical);
}

TEST_CASE("--refuse turns three endings round, and network trouble keeps its state") {
  struct Row {
    ErrorKind kind;
    Status status;
  };
  const auto row = GENERATE(values<Row>({{ErrorKind::auth_failed, Status::ok},
                                         {ErrorKind::auth_unavailable, Status::unknown},
                                         {ErrorKind::connect, Status::critical},
                                         {ErrorKind::timeout, Status::critical},
                                         {ErrorKind::connection_lost, Status::critical},
                                         {ErrorKind::no_mechanism, Status::critical},
                                         {ErrorKind::tls_required, Status::critical},
                                         {ErrorKind::plaintext_auth_refused, Status::critical},
                                         {ErrorKind::command_refused, Status::critical},
                                         {ErrorKind::expired, Status::critical},
                                         {ErrorKind::local, Status::unknown}}));
  CAPTURE(base::to_string(row.kind));
  auto allowed = limits();
  allowed.expectations.is_refusal = true;
  auto facts = failed_facts(Stage::auth, row.kind, "no");
  facts.error->peer_code = "NO [X]";
  facts.error->is_about_credentials = row.kind == ErrorKind::auth_failed;
  const auto report = judge(facts, allowed);
  CHECK(plugin::status(report) == row.status);
  if (row.kind == ErrorKind::auth_failed) {
    CHECK(report.findings.empty());
    CHECK(report.summary == "imap.example.test: probe was refused, as it should be: NO [X] \"no\"");
  } else {
    CHECK(names(report) == Texts{std::string(base::to_string(row.kind))});
  }
}

TEST_CASE("--refuse with credentials that are let in is not expected, whatever follows") {
  auto allowed = limits();
  allowed.expectations.is_refusal = true;
  CHECK(names(judge(good_facts(), allowed)) == Texts{"not-expected"});
  auto broken = good_facts();
  broken.error = base::Error{Stage::capability, ErrorKind::timeout, "no answer in time"};
  const auto report = judge(broken, allowed);
  CHECK(plugin::status(report) == Status::critical);
  CHECK(names(report) == Texts{"not-expected"});
  auto preauthenticated = good_facts();
  preauthenticated.is_logged_in = false;
  preauthenticated.is_preauthenticated = true;
  CHECK(names(judge(preauthenticated, allowed)) == Texts{"not-expected"});
}

TEST_CASE("--refuse does not take a server that cannot prove itself for one that refuses") {
  auto allowed = limits();
  allowed.expectations.is_refusal = true;
  auto facts = failed_facts(Stage::auth, ErrorKind::auth_failed);  // without words: SCRAM without a right v=
  CHECK(plugin::status(judge(facts, allowed)) == Status::critical);
  facts.error->peer_code = "NO";  // a bare "NO" may mean anything
  CHECK(plugin::status(judge(facts, allowed)) == Status::unknown);
  facts.error->is_about_credentials = true;
  CHECK(plugin::status(judge(facts, allowed)) == Status::ok);
}

TEST_CASE("--result weighs on --refuse too") {
  auto allowed = limits();
  allowed.expectations.is_refusal = true;
  allowed.findings = Findings({{"not-expected", Status::warning}, {"auth-unavailable", Status::ok}});
  CHECK(plugin::status(judge(good_facts(), allowed)) == Status::warning);
  CHECK(plugin::status(judge(failed_facts(Stage::auth, ErrorKind::auth_unavailable), allowed)) == Status::ok);
}

TEST_CASE("thresholds are judged for steps, total and numbers") {
  struct Row {
    std::string_view label, warning, critical;
    Status status;
  };
  const auto row = GENERATE(values<Row>({{"auth", "0.040", "0.050", Status::ok},
                                         {"auth", "0.039", "0.050", Status::warning},
                                         {"auth", "0.010", "0.039", Status::critical},
                                         {"total", "0.083", "1", Status::warning},
                                         {"cert_days", "30:", "14:", Status::ok},
                                         {"cert_days", "61:", "14:", Status::warning},
                                         {"chain_days", "60:", "46:", Status::critical},
                                         {"messages", "10", "100", Status::warning},
                                         {"messages", "~:12", "13", Status::ok}}));
  CAPTURE(row.label, row.warning, row.critical);
  auto allowed = limits();
  allowed.thresholds.set_warning(row.label, range(row.warning));
  allowed.thresholds.set_critical(row.label, range(row.critical));
  const auto report = judge(good_facts(), allowed);
  CHECK(plugin::status(report) == row.status);
  CHECK(names(report) == (row.status == Status::ok ? Texts{} : Texts{"threshold"}));
}

TEST_CASE("a threshold on a step that was not reached raises nothing of its own") {
  auto allowed = limits();
  allowed.thresholds.set_warning("fetch", range("1"));
  CHECK(judge(good_facts(), allowed).findings.empty());
}

TEST_CASE("a number with a threshold that is not there is not measured, once") {
  const std::string_view label =
      GENERATE(as<std::string_view>{}, "cert_days", "chain_days", "messages", "unseen", "hits", "newest_age",
               "oldest_age", "quota_storage", "quota_storage_bytes", "quota_messages", "quota_messages_used");
  CAPTURE(label);
  auto facts = good_facts();
  facts.tls.reset();
  facts.mailbox.reset();
  facts.not_measured = {{"newest_age", "the mailbox is empty"}};
  auto allowed = limits();
  allowed.thresholds.set_critical(label, range("5"));
  const auto report = judge(facts, allowed);
  REQUIRE(names(report) == Texts{"not-measured"});
  CHECK(plugin::status(report) == Status::unknown);
  const std::string reason = label.ends_with("_days") ? "there is no TLS in this session"
                             : label == "newest_age"  ? "the mailbox is empty"
                                                      : "the server does not tell it";
  CHECK(report.findings[0].text == "not-measured, " + std::string(label) + " has a threshold, but " + reason);
}

TEST_CASE("a session that failed does not complain of numbers too") {
  auto allowed = limits();
  allowed.thresholds.set_critical("unseen", range("5"));
  CHECK(names(judge(failed_facts(Stage::auth, ErrorKind::auth_failed), allowed)) == Texts{"auth-failed"});
}

TEST_CASE("notes are OK and stand behind what is wrong") {
  auto facts = good_facts();
  facts.alerts = {"[ALERT] read me"};
  facts.referrals = {"imap://other/"};
  facts.quirks = {"lines end in LF alone"};
  facts.failed_addresses = {{"2001:db8::7", "network unreachable"}};
  auto allowed = limits();
  allowed.readable_secret_files = {"/etc/secret"};
  const auto report = judge(facts, allowed);
  CHECK(names(report) == Texts{"address-failed", "alert", "referral", "deviation", "secret-file-readable"});
  CHECK(plugin::status(report) == Status::ok);
  CHECK(report.findings[1].text == "alert: [ALERT] read me");
}

TEST_CASE("faults that --insecure let pass are notes") {
  auto facts = good_facts();
  facts.tls->faults = {{ErrorKind::self_signed, "signed by itself"}};
  auto allowed = limits();
  allowed.is_insecure = true;
  CHECK(names(judge(facts, allowed)) == Texts{"unverified"});
  CHECK(plugin::status(judge(facts, allowed)) == Status::ok);
}
