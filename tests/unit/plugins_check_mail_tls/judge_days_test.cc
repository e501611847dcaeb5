// Days: the default limits by lifetime, the user's own, and which certificate is meant.
#include "plugins/check_mail_tls/judge_days.h"

#include "unit/plugins_check_mail_tls/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using plugin::Status;
using plugins::mail_tls::judge;
using plugins::mail_tls::Limits;
using Names = std::vector<std::string>;

namespace {

probe::TlsSurveyFacts facts_with_leaf(double lifetime, double left) {
  auto facts = good_facts();
  replace_leaf(first_look(facts), sample_certificate("CN=mail.example.test", lifetime, left));
  return facts;
}

// Two addresses whose leaves have that many days left of that many.
probe::TlsSurveyFacts facts_with_leaves(std::pair<double, double> first, std::pair<double, double> second) {
  auto facts = facts_with_leaf(first.first, first.second);
  facts.targets.front().looks.push_back(good_look("2001:db8::25"));
  replace_leaf(facts.targets.front().looks[1], sample_certificate("CN=mail.example.test", second.first, second.second));
  return facts;
}

Limits with_warning(std::string_view label, std::string_view text) {
  Limits result = limits();
  result.thresholds.set_warning(label, range(text));
  return result;
}

void expire(probe::TlsLook& look) {
  look.session.tls->faults = {{ErrorKind::expired, "certificate ended"}};
}

}  // namespace

TEST_CASE("the default limits go by the lifetime") {
  struct Row {
    double lifetime;
    std::string warning;
    std::string critical;
  };
  const auto row = GENERATE(values<Row>({{6, "1.5:", "0.75:"},
                                         {47, "11.75:", "5.875:"},
                                         {56, "14:", "7:"},
                                         {84, "21:", "7:"},
                                         {90, "21:", "7:"},
                                         {3650, "21:", "7:"}}));
  CAPTURE(row.lifetime);
  const auto report = judge(facts_with_leaf(row.lifetime, row.lifetime), limits());
  for (const auto* label : {"cert_days", "chain_days"}) {
    const auto* days = metric(report, label);
    REQUIRE(days != nullptr);
    REQUIRE(days->limits.warning.has_value());
    CHECK(days->limits.warning->print() == row.warning);
    if (label == std::string_view("cert_days")) CHECK(days->limits.critical->print() == row.critical);
    if (row.lifetime > 1000) break;  // the chain ends before it
  }
}

TEST_CASE("a certificate warns and alarms below its limits, not at them") {
  struct Row {
    double lifetime;
    double left;
    Status state;
  };
  const auto row = GENERATE(values<Row>({{6, 6, Status::ok},
                                         {6, 1.5, Status::ok},
                                         {6, 1.4, Status::warning},
                                         {6, 0.75, Status::warning},
                                         {6, 0.7, Status::critical},
                                         {47, 11.75, Status::ok},
                                         {47, 11.7, Status::warning},
                                         {47, 5.8, Status::critical},
                                         {90, 21, Status::ok},
                                         {90, 20.9, Status::warning},
                                         {90, 7, Status::warning},
                                         {90, 6.9, Status::critical},
                                         {3650, 21, Status::ok},
                                         {3650, 20, Status::warning},
                                         {3650, 6, Status::critical}}));
  CAPTURE(row.lifetime, row.left);
  CHECK(plugin::status(judge(facts_with_leaf(row.lifetime, row.left), limits())) == row.state);
}

TEST_CASE("a finding says whose certificate ends when") {
  const auto report = judge(facts_with_leaf(90, 20), limits());
  REQUIRE(names(report) == Names{"threshold"});  // chain_days would say the same
  CHECK(report.findings[0].text ==
        "cert_days is 20 (warning range 21:): smtp 587, the certificate ends 2026-07-05 00:00:00 UTC");
}

TEST_CASE("two labels that do not say the same are told both") {
  auto report = judge(facts_with_leaf(90, 20), with_warning("chain_days", "25:"));
  CHECK(names(report) == Names{"threshold", "threshold"});
  auto facts = facts_with_leaf(90, 20);
  first_session(facts).verified_chain[1] = sample_certificate("CN=Test Intermediate", 3650, 19);
  report = judge(facts, limits());
  REQUIRE(names(report) == Names{"threshold", "threshold"});
  CHECK(report.findings[0].text.starts_with("cert_days is 20 "));
  CHECK(report.findings[1].text.starts_with("chain_days is 19 "));
}

TEST_CASE("a range of the user's replaces the default of its label, and of no other") {
  const auto state_of = [](double left, const Limits& limit) {
    return plugin::status(judge(facts_with_leaf(90, left), limit));
  };
  // chain_days follows where the certificate itself ends first
  CHECK(state_of(20, with_warning("cert_days", "10:")) == Status::ok);
  auto facts = facts_with_leaf(90, 20);
  first_session(facts).verified_chain[1] = sample_certificate("CN=Test Intermediate", 3650, 19);
  CHECK(plugin::status(judge(facts, with_warning("cert_days", "10:"))) == Status::warning);
  Limits both = with_warning("cert_days", "10:");
  both.thresholds.set_warning("chain_days", range("10:"));
  CHECK(state_of(20, both) == Status::ok);
  CHECK(state_of(5, both) == Status::warning);  // no critical range was given
  both.thresholds.set_critical("cert_days", range("8:"));
  CHECK(state_of(9, both) == Status::warning);
  CHECK(state_of(7, both) == Status::critical);
  CHECK(state_of(60, with_warning("cert_days", "61:")) == Status::warning);
}

TEST_CASE("chain_days is the first of the chain to end, by its own limits and by name") {
  auto facts = good_facts();
  first_session(facts).verified_chain[1] = sample_certificate("CN=Test Intermediate", 40, 9);
  const auto report = judge(facts, limits());
  CHECK(metric(report, "cert_days")->value == 60);
  CHECK(metric(report, "chain_days")->value == 9);
  CHECK(metric(report, "chain_days")->limits.warning->print() == "10:");
  REQUIRE(names(report) == Names{"threshold"});
  CHECK(report.findings[0].text ==
        "chain_days is 9 (warning range 10:): smtp 587, CN=Test Intermediate ends 2026-06-24 00:00:00 UTC");
}

TEST_CASE("another certificate of the chain that is near its end has a finding of its own") {
  auto facts = facts_with_leaf(6, 2);  // well by its own limits
  first_session(facts).verified_chain[1] = sample_certificate("CN=Test Intermediate", 3650, 5);
  first_session(facts).verified_chain[2] = sample_certificate("CN=Test Root", 7300, 20);
  const auto report = judge(facts, limits());
  REQUIRE(names(report) == Names{"threshold", "threshold"});
  CHECK(report.findings[0].text ==
        "smtp 587, CN=Test Intermediate ends 2026-06-20 00:00:00 UTC in 5.0 days (critical range 7:)");
  CHECK(report.findings[0].status == Status::critical);
  CHECK(report.findings[1].text ==
        "smtp 587, CN=Test Root ends 2026-07-05 00:00:00 UTC in 20.0 days (warning range 21:)");
  CHECK(report.findings[1].status == Status::warning);
  CHECK(judge(facts, with_warning("chain_days", "1:")).findings.empty());  // the user has said what counts
}

TEST_CASE("what has ended is told by expired alone") {
  auto facts = facts_with_leaf(90, -5);
  expire(first_look(facts));
  auto report = judge(facts, limits());
  CHECK(names(report) == Names{"expired"});
  CHECK(metric(report, "cert_days")->value == -5);
  CHECK(metric(report, "chain_days")->value == -5);
  CHECK(metric(report, "lifetime_left")->value == 0);
  CHECK(report.summary == "TLSv1.3, 0.040 s");
  report = judge(facts, with_result(limits(), "expired", Status::warning));
  CHECK(plugin::status(report) == Status::warning);
}

TEST_CASE("a range of the user's is told of an expired certificate, too") {
  auto facts = facts_with_leaf(90, -5);
  expire(first_look(facts));
  CHECK(names(judge(facts, with_warning("cert_days", "30:"))) == Names{"expired", "threshold"});
}

TEST_CASE("where a TLSA record vouches for the certificate its days can warn at worst") {
  auto facts = facts_with_leaf(90, 5);
  publish(facts.targets.front(), {matching_record()});
  Limits limit = limits();
  limit.dane = plugins::mail_tls::DaneNeed::required;
  CHECK(plugin::status(judge(facts, limit)) == Status::warning);
  CHECK_FALSE(metric(judge(facts, limit), "cert_days")->limits.critical.has_value());
  limit.thresholds.set_critical("cert_days", range("7:"));  // the user's own range is another matter
  CHECK(plugin::status(judge(facts, limit)) == Status::critical);
}

TEST_CASE("a number below zero that nobody called expired is told") {
  const auto report = judge(facts_with_leaf(90, -5), limits());
  CHECK(names(report) == Names{"threshold"});
  CHECK(plugin::status(report) == Status::critical);
}

TEST_CASE("lifetime_left is percent of the life, and judged by the user's range alone") {
  struct Row {
    double lifetime;
    double left;
    double percent;
  };
  const auto row = GENERATE(values<Row>({{80, 60, 75}, {6, 6, 100}, {10, 12, 100}, {90, -1, 0}, {0, 10, 0}}));
  CAPTURE(row.lifetime, row.left);
  const auto report = judge(facts_with_leaf(row.lifetime, row.left), limits());
  REQUIRE(metric(report, "lifetime_left") != nullptr);
  CHECK(metric(report, "lifetime_left")->value == row.percent);
  CHECK(metric(report, "lifetime_left")->unit == plugin::Unit::percent);
  CHECK(metric(report, "lifetime_left")->limits.is_empty());
  const auto judged = judge(good_facts(), with_warning("lifetime_left", "76:"));
  CHECK(judged.findings.at(0).text ==
        "lifetime_left is 75% (warning range 76:): smtp 587, the certificate ends 2026-08-14 00:00:00 UTC");
}

TEST_CASE("of several connections the number that alarms most stands, with its limits") {
  const auto report = judge(facts_with_leaves({6, 4}, {90, 15}), limits());  // 4 of 6 days are well, 15 of 90 are not
  CHECK(metric(report, "cert_days")->value == 15);
  CHECK(metric(report, "cert_days")->limits.warning->print() == "21:");
  REQUIRE(names(report) == Names{"threshold"});
  CHECK(report.findings[0].text ==
        "cert_days is 15 (warning range 21:): mail.example.test 2001:db8::25 smtp 587, the certificate ends "
        "2026-06-30 00:00:00 UTC");
  CHECK(metric(judge(facts_with_leaves({90, 15}, {6, 4}), limits()), "cert_days")->value == 15);
}

TEST_CASE("of several connections that are all well the least number stands") {
  CHECK(metric(judge(facts_with_leaves({90, 80}, {90, 40}), limits()), "cert_days")->value == 40);
  CHECK(metric(judge(facts_with_leaves({90, 40}, {90, 80}), limits()), "cert_days")->value == 40);
  CHECK(metric(judge(facts_with_leaves({90, 45}, {60, 40}), limits()), "lifetime_left")->value == 50);
}

TEST_CASE("each label stands once, however many connections there are") {
  const auto report = judge(facts_with_leaves({90, 80}, {90, 40}), limits());
  Names labels;
  for (const auto& one : report.metrics) labels.push_back(one.label);
  CHECK(labels == Names{"cert_days", "chain_days", "lifetime_left"});
}

TEST_CASE("without a verified path the chain that was sent counts, without any there is nothing") {
  auto facts = good_facts();
  first_session(facts).verified_chain.clear();
  first_session(facts).sent_chain[1] = sample_certificate("CN=Test Intermediate", 3650, 30);
  CHECK(metric(judge(facts, limits()), "chain_days")->value == 30);
  first_session(facts).sent_chain.clear();
  CHECK(judge(facts, limits()).metrics.empty());
  first_look(facts).session.tls.reset();
  CHECK(judge(facts, limits()).metrics.empty());
}
