// What DNS and policies say: DANE beside PKIX, MTA-STS, mail exchangers, notes.
#include "plugins/check_mail_tls/judge_names.h"

#include "unit/plugins_check_mail_tls/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using plugin::Status;
using plugins::mail_tls::DaneNeed;
using plugins::mail_tls::judge;
using plugins::mail_tls::Limits;
using policy::MailExchangers;
using policy::MtaStsFacts;
using policy::TlsaAnswer;
using Names = std::vector<std::string>;
using Result = tls::DaneRecordFacts::Result;

namespace {

Limits with_dane(DaneNeed need = DaneNeed::required) {
  Limits result = limits();
  result.dane = need;
  return result;
}

probe::TlsSurveyFacts answered(TlsaAnswer::Status status) {
  auto facts = good_facts();
  facts.targets.front().tlsa = TlsaAnswer{.status = status, .detail = "says DNS"};
  return facts;
}

probe::TlsSurveyFacts published(std::vector<tls::DaneRecordFacts> records) {
  auto facts = good_facts();
  publish(facts.targets.front(), std::move(records));
  return facts;
}

probe::TlsSurveyFacts vouched_for(std::vector<tls::VerifyFault> faults) {
  auto facts = published({matching_record()});
  first_session(facts).faults = std::move(faults);
  return facts;
}

MtaStsFacts policy_of(std::string mode, Names mx = {"mail.example.test"}) {
  return {.domain = "example.test",
          .status = MtaStsFacts::Status::valid,
          .id = "20260615",
          .mode = std::move(mode),
          .max_age = 604800,
          .mx = std::move(mx)};
}

probe::TlsSurveyFacts with_policy(MtaStsFacts policy) {
  auto facts = good_facts();
  facts.mta_sts = std::move(policy);
  facts.targets.front().is_in_mta_sts_policy = true;
  return facts;
}

MailExchangers exchangers(MailExchangers::Status status) {
  MailExchangers result{.status = status, .is_secure = true, .domain = "example.test", .detail = "says DNS"};
  if (status == MailExchangers::Status::found) result.hosts = {{10, "mail.example.test"}};
  return result;
}

}  // namespace

// ---------------------------------------------------------------- DANE

TEST_CASE("without --dane nobody looks at TLSA records") {
  for (const auto status : {TlsaAnswer::Status::absent, TlsaAnswer::Status::insecure, TlsaAnswer::Status::bogus,
                            TlsaAnswer::Status::silent}) {
    CHECK(judge(answered(status), limits()).findings.empty());
  }
  CHECK(judge(published({missing_record()}), limits()).findings.empty());
  auto facts = vouched_for({{ErrorKind::self_signed, "itself"}});
  CHECK(plugin::status(judge(facts, limits())) == Status::critical);
}

TEST_CASE("a match is well, and the summary says so") {
  const auto report = judge(published({matching_record()}), with_dane());
  CHECK(report.findings.empty());
  CHECK(report.summary ==
        "mail.example.test, smtp 587: TLSv1.3, trusted, DANE matches, certificate good for 60.0 days (75 %), 0.040 s");
}

TEST_CASE("with if-present only what is broken alarms") {
  struct Row {
    TlsaAnswer::Status status;
    std::string name;
    Status required;
    Status if_present;
  };
  using Is = TlsaAnswer::Status;
  const auto row = GENERATE(values<Row>({{Is::absent, "dane-absent", Status::critical, Status::ok},
                                         {Is::insecure, "dane-insecure", Status::critical, Status::ok},
                                         {Is::bogus, "dane-bogus", Status::critical, Status::critical},
                                         {Is::silent, "dane-unanswered", Status::unknown, Status::unknown}}));
  CAPTURE(row.name);
  CHECK(finding(judge(answered(row.status), with_dane()), row.name).status == row.required);
  CHECK(finding(judge(answered(row.status), with_dane(DaneNeed::if_present)), row.name).status == row.if_present);
  CHECK(plugin::status(judge(published({missing_record()}), with_dane(DaneNeed::if_present))) == Status::critical);
}

TEST_CASE("--result has the last word with if-present, too") {
  const Limits limit = with_result(with_dane(DaneNeed::if_present), "dane-absent", Status::warning);
  CHECK(plugin::status(judge(answered(TlsaAnswer::Status::absent), limit)) == Status::warning);
}

TEST_CASE("where a TLSA record vouches the certificate's faults are notes, an end is a warning, a weak key stays") {
  struct Row {
    ErrorKind kind;
    Status state;
  };
  const auto row = GENERATE(values<Row>({{ErrorKind::untrusted, Status::ok},
                                         {ErrorKind::missing_intermediate, Status::ok},
                                         {ErrorKind::self_signed, Status::ok},
                                         {ErrorKind::not_yet_valid, Status::ok},
                                         {ErrorKind::name_mismatch, Status::ok},
                                         {ErrorKind::weak_digest, Status::ok},
                                         {ErrorKind::wrong_purpose, Status::ok},
                                         {ErrorKind::expired, Status::warning},
                                         {ErrorKind::weak_key, Status::critical}}));
  const std::string name(base::to_string(row.kind));
  CAPTURE(name);
  const auto facts = vouched_for({{row.kind, "certificate is odd"}});
  const auto report = judge(facts, with_dane());
  CHECK(finding(report, name).text == "smtp 587: " + name + ", certificate is odd");
  CHECK(finding(report, name).status == row.state);
  CHECK(plugin::status(report) == row.state);
  CHECK(plugin::status(judge(facts, with_result(with_dane(), name, Status::unknown))) == Status::unknown);
}

TEST_CASE("what a TLSA record alone vouches for is not called trusted") {
  const auto report = judge(vouched_for({{ErrorKind::self_signed, "itself"}}), with_dane());
  CHECK(report.summary ==
        "mail.example.test, smtp 587: TLSv1.3, DANE matches, certificate good for 60.0 days (75 %), 0.040 s");
  CHECK(fact(report, "is_trusted") == "no");
}

TEST_CASE("a record that does not match vouches for nothing") {
  auto facts = published({missing_record()});
  first_session(facts).faults = {{ErrorKind::self_signed, "itself"}};
  CHECK(alarms(judge(facts, with_dane())) == Names{"dane-mismatch", "self-signed"});
}

TEST_CASE("an enforced MTA-STS policy demands PKIX whatever DANE says") {
  struct Row {
    std::string mode;
    bool is_in_policy;
    Status state;
  };
  const auto row = GENERATE(values<Row>(
      {{"enforce", true, Status::critical}, {"testing", true, Status::ok}, {"none", true, Status::warning}}));
  CAPTURE(row.mode);
  auto facts = vouched_for({{ErrorKind::self_signed, "itself"}});
  facts.mta_sts = policy_of(row.mode);
  facts.targets.front().is_in_mta_sts_policy = row.is_in_policy;
  const auto report = judge(facts, with_dane());
  CHECK(plugin::status(report) == row.state);
  CHECK(finding(report, "self-signed").status == (row.mode == "enforce" ? Status::critical : Status::ok));
}

TEST_CASE("a policy that could not be read enforces nothing") {
  auto facts = vouched_for({{ErrorKind::self_signed, "itself"}});
  facts.mta_sts = policy_of("enforce");
  facts.mta_sts->status = MtaStsFacts::Status::bad_policy;
  facts.targets.front().is_in_mta_sts_policy = true;
  CHECK(finding(judge(facts, with_dane()), "self-signed").status == Status::ok);
}

TEST_CASE("a roll-over is a note that names the records which do not match") {
  const auto report = judge(published({missing_record(), matching_record(), missing_record()}), with_dane());
  CHECK(plugin::status(report) == Status::ok);
  CHECK(finding(report, "dane-rollover").text ==
        "smtp 587: dane-rollover, 2 of 3 TLSA records do not match: 3 1 1 matches nothing; 3 1 1 matches nothing");
  CHECK(judge(published({matching_record(), matching_record()}), with_dane()).findings.empty());
  CHECK(judge(published({matching_record(), record(Result::unusable, "0 0 1: not for mail")}), with_dane())
            .findings.empty());
}

TEST_CASE("a record that cannot be used beside one that does not match is a mismatch") {
  const auto facts = published({record(Result::unusable, "0 0 1: not for mail"), missing_record()});
  CHECK(names(judge(facts, with_dane())) == Names{"dane-mismatch"});
}

TEST_CASE("records that cannot be read are told, and without any other there is none to use") {
  auto facts = published({matching_record()});
  facts.targets.front().tlsa->malformed = {"TLSA record 2 has 3 bytes"};
  auto report = judge(facts, with_dane());
  CHECK(names(report) == Names{"deviation"});
  CHECK(report.findings[0].text == "smtp 587: deviation, TLSA record 2 has 3 bytes");
  facts = good_facts();
  facts.targets.front().tlsa =
      TlsaAnswer{.status = TlsaAnswer::Status::found, .malformed = {"TLSA record 1 has 3 bytes"}};
  report = judge(facts, with_dane());
  CHECK(names(report) == Names{"deviation", "dane-unusable"});
  CHECK(report.findings[1].text == "smtp 587: dane-unusable, no TLSA record can be read");
}

TEST_CASE("a session that never came about says nothing of DANE") {
  auto facts = published({missing_record()});
  fail(first_look(facts), base::Stage::starttls, ErrorKind::starttls_absent);
  CHECK(names(judge(facts, with_dane())) == Names{"starttls-absent"});
}

TEST_CASE("a resolver far away is told only where its word counted") {
  auto facts = published({matching_record()});
  facts.is_resolver_local = false;
  CHECK(names(judge(facts, with_dane())) == Names{"dane-remote-resolver"});
  CHECK(judge(facts, limits()).findings.empty());
  const auto status = GENERATE(TlsaAnswer::Status::absent, TlsaAnswer::Status::insecure, TlsaAnswer::Status::bogus,
                               TlsaAnswer::Status::silent);
  facts = answered(status);
  facts.is_resolver_local = false;
  const bool is_believed = status == TlsaAnswer::Status::absent;
  CHECK((finding(judge(facts, with_dane()), "dane-remote-resolver").name.empty() != is_believed));
}

TEST_CASE("each host has DANE of its own") {
  auto facts = published({matching_record()});
  facts.targets.push_back(good_target("mx2.example.test"));
  facts.targets[1].tlsa = TlsaAnswer{.status = TlsaAnswer::Status::absent, .detail = "there is none"};
  facts.targets[1].looks[0].session.tls->faults = {{ErrorKind::self_signed, "itself"}};
  const auto report = judge(facts, with_dane());
  CHECK(alarms(report) == Names{"dane-absent", "self-signed"});
  CHECK(finding(report, "dane-absent").text == "mx2.example.test smtp 587: dane-absent, there is none");
}

TEST_CASE("records and owner are facts") {
  const auto report = judge(published({matching_record(), missing_record()}), with_dane());
  CHECK(fact(report, "tlsa_owner") == "_587._tcp.mail.example.test");
  CHECK(fact(report, "tlsa") == "3 1 1 78: 3 1 1 matches the server's certificate, 3 1 1 78: 3 1 1 matches nothing");
  CHECK(fact(report, "matching_tlsa") == "3 1 1 aabb");
  CHECK(fact(judge(good_facts(), limits()), "matching_tlsa") == "3 1 1 aabb");  // what to publish, before anybody does
}

// ---------------------------------------------------------------- mail exchangers

TEST_CASE("a domain without exchangers is told by its kind") {
  struct Row {
    MailExchangers::Status status;
    Names names;
  };
  using Is = MailExchangers::Status;
  const auto row = GENERATE(values<Row>({{Is::null_mx, {"mx-null"}},
                                         {Is::absent, {"dns"}},
                                         {Is::bogus, {"dns"}},
                                         {Is::unreachable, {"dns"}},
                                         {Is::silent, {"timeout"}}}));
  probe::TlsSurveyFacts facts = good_facts();
  facts.targets.clear();
  facts.exchangers = exchangers(row.status);
  const auto report = judge(facts, limits());
  CHECK(names(report) == row.names);
  CHECK(report.findings[0].text == "example.test: " + row.names[0] + ", says DNS");
  CHECK(plugin::status(report) == Status::critical);
  CHECK(report.host == "example.test");
  CHECK(report.summary.empty());
}

TEST_CASE("with --dane a domain whose MX records cannot be trusted or asked for is told as DANE's") {
  probe::TlsSurveyFacts facts = good_facts();
  facts.targets.clear();
  facts.exchangers = exchangers(MailExchangers::Status::bogus);
  CHECK(names(judge(facts, with_dane())) == Names{"dane-bogus"});
  for (const auto status : {MailExchangers::Status::silent, MailExchangers::Status::unreachable}) {
    facts.exchangers = exchangers(status);
    CHECK(names(judge(facts, with_dane())) == Names{"dane-unanswered"});
  }
}

TEST_CASE("TLSA records behind unsigned MX records vouch for nobody") {
  auto facts = vouched_for({{ErrorKind::self_signed, "itself"}});
  facts.exchangers = exchangers(MailExchangers::Status::found);
  CHECK(finding(judge(facts, with_dane()), "self-signed").status == Status::ok);
  facts.exchangers->is_secure = false;
  CHECK(finding(judge(facts, with_dane()), "self-signed").status == Status::critical);
}

TEST_CASE("MX records that lead nowhere leave nobody to look at") {
  probe::TlsSurveyFacts facts = good_facts();
  facts.targets.clear();
  facts.exchangers = exchangers(MailExchangers::Status::found);
  facts.exchangers->hosts.clear();
  facts.exchangers->malformed = {"MX record 1 is malformed"};
  CHECK(names(judge(facts, limits())) == Names{"dns", "mx-invalid"});
}

TEST_CASE("MX records without DNSSEC end the matter with --dane only") {
  const auto status = GENERATE(MailExchangers::Status::found, MailExchangers::Status::implicit_mx);
  auto facts = published({matching_record()});
  facts.exchangers = exchangers(status);
  CHECK(judge(facts, with_dane()).findings.empty());
  facts.exchangers->is_secure = false;
  CHECK(judge(facts, limits()).findings.empty());
  const auto report = judge(facts, with_dane());
  CHECK(names(report) == Names{"dane-insecure"});
  CHECK(report.findings[0].text == "example.test: dane-insecure, the MX records are not signed");
  CHECK(plugin::status(report) == Status::critical);
  CHECK(plugin::status(judge(facts, with_dane(DaneNeed::if_present))) == Status::ok);
}

TEST_CASE("the exchangers are a fact") {
  auto facts = good_facts();
  facts.exchangers = exchangers(MailExchangers::Status::found);
  facts.exchangers->hosts.push_back({20, "mx2.example.test"});
  CHECK(fact(judge(facts, limits()), "mx") == "mail.example.test, mx2.example.test");
}

// ---------------------------------------------------------------- MTA-STS and notes

TEST_CASE("an enforced policy that names the host is well") {
  CHECK(judge(with_policy(policy_of("enforce")), limits()).findings.empty());
}

TEST_CASE("a policy that is missing or broken is told by its kind") {
  struct Row {
    MtaStsFacts::Status status;
    std::string name;
  };
  using Is = MtaStsFacts::Status;
  const auto row = GENERATE(values<Row>({{Is::no_record, "mta-sts-absent"},
                                         {Is::bad_record, "mta-sts-invalid"},
                                         {Is::bad_policy, "mta-sts-invalid"},
                                         {Is::unreachable, "mta-sts-unreachable"},
                                         {Is::lookup_failed, "mta-sts-unanswered"},
                                         {Is::not_fetched, "local"}}));
  auto facts = with_policy({.domain = "example.test", .status = row.status, .detail = "that is why"});
  facts.targets.front().is_in_mta_sts_policy = false;  // nothing to be in
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{row.name});
  CHECK(report.findings[0].text == "example.test: " + row.name + ", that is why");
  const bool is_unknown = row.name == "local" || row.name == "mta-sts-unanswered";
  CHECK(plugin::status(report) == (is_unknown ? Status::unknown : Status::critical));
}

TEST_CASE("a mode that is not enforced is told, and none demands nothing of the host") {
  auto facts = with_policy(policy_of("none", {}));
  facts.targets.front().is_in_mta_sts_policy = false;
  facts.mta_sts->max_age = 60;
  CHECK(names(judge(facts, limits())) == Names{"mta-sts-none"});
  facts = with_policy(policy_of("testing", {"mx.example.test"}));
  facts.targets.front().is_in_mta_sts_policy = false;
  const auto report = judge(facts, limits());
  REQUIRE(names(report) == Names{"mta-sts-testing", "mta-sts-mismatch"});
  CHECK(
      report.findings[1].text ==
      "mail.example.test: mta-sts-mismatch, the policy of example.test names mx.example.test, and is not enforced yet");
  CHECK(report.findings[1].status == Status::warning);  // senders deliver all the same
  CHECK(plugin::status(judge(facts, with_result(limits(), "mta-sts-mismatch", Status::critical))) == Status::critical);
}

TEST_CASE("the mode of a policy that is well stands in the summary") {
  CHECK(judge(with_policy(policy_of("enforce")), limits()).summary.find(", MTA-STS enforce, ") != std::string::npos);
}

TEST_CASE("a policy for a day and more is not short-lived") {
  for (const auto& [age, is_short] : {std::pair<std::uint64_t, bool>{86400, false}, {86399, true}, {1, true}}) {
    auto policy = policy_of("enforce");
    policy.max_age = age;
    CHECK(names(judge(with_policy(policy), limits())) == (is_short ? Names{"mta-sts-short-lived"} : Names{}));
  }
}

TEST_CASE("a policy that is forgotten at once is none") {
  auto policy = policy_of("enforce");
  policy.max_age = 0;
  const auto report = judge(with_policy(policy), limits());
  CHECK(names(report) == Names{"mta-sts-none"});
  CHECK(report.findings[0].text == "example.test: mta-sts-none, max_age is 0: the policy is forgotten at once");
}

TEST_CASE("each host that the policy does not name is told") {
  auto facts = with_policy(policy_of("enforce", {"mail.example.test"}));
  facts.targets.push_back(good_target("mx2.example.test"));
  const auto report = judge(facts, limits());
  REQUIRE(names(report) == Names{"mta-sts-mismatch"});
  CHECK(report.findings[0].text ==
        "mx2.example.test: mta-sts-mismatch, the policy of example.test names mail.example.test");
}

TEST_CASE("DANE and MTA-STS stand side by side in one verdict") {
  auto facts = published({missing_record()});
  facts.mta_sts = policy_of("testing", {"mx.example.test"});
  CHECK(names(judge(facts, with_dane())) == Names{"dane-mismatch", "mta-sts-testing", "mta-sts-mismatch"});
}

TEST_CASE("the policy is told as facts") {
  auto policy = policy_of("enforce", {"mail.example.test", "*.example.test"});
  policy.remarks = {"unknown key x"};
  const auto report = judge(with_policy(policy), limits());
  CHECK(fact(report, "mta_sts_id") == "20260615");
  CHECK(fact(report, "mta_sts_mode") == "enforce");
  CHECK(fact(report, "mta_sts_max_age") == "604800.000000");
  CHECK(fact(report, "mta_sts_mx") == "mail.example.test, *.example.test");
  CHECK(fact(report, "mta_sts_remarks") == "unknown key x");
}

TEST_CASE("CAA and TLS-RPT are notes, there or not") {
  auto facts = good_facts();
  facts.exchangers = exchangers(MailExchangers::Status::found);
  facts.tls_rpt = policy::TlsRpt{.status = policy::TlsRpt::Status::no_record, .detail = "there is no TLS-RPT record"};
  facts.targets.front().caa = policy::Caa{.status = policy::Caa::Status::absent, .detail = "any authority may issue"};
  auto report = judge(facts, limits());
  CHECK(names(report) == Names{"tls-rpt", "caa"});
  CHECK(plugin::status(report) == Status::ok);
  CHECK(report.findings[0].text == "example.test: tls-rpt, there is no TLS-RPT record");
  CHECK(report.findings[1].text == "mail.example.test: caa, any authority may issue");
  facts.tls_rpt = policy::TlsRpt{.status = policy::TlsRpt::Status::valid, .rua = {"mailto:a@b", "https://c/d"}};
  facts.targets.front().caa =
      policy::Caa{.status = policy::Caa::Status::found,
                  .name = "example.test",
                  .records = {{.is_critical = true, .tag = "issue", .value = "ca.example"},
                              {.is_critical = false, .tag = "iodef", .value = "mailto:x@example.test"}}};
  report = judge(facts, limits());
  CHECK(report.findings[0].text == "example.test: tls-rpt, reports go to mailto:a@b, https://c/d");
  CHECK(report.findings[1].text ==
        "mail.example.test: caa, example.test has issue \"ca.example\", iodef \"mailto:x@example.test\"");
}

TEST_CASE("the rule for the chain needs a match, --dane, and no enforced policy for this host") {
  using plugins::mail_tls::chain_rule;
  using plugins::mail_tls::ChainRule;
  auto facts = published({matching_record()});
  const auto rule = [&](const Limits& limit) {
    return chain_rule(facts, facts.targets.front(), first_look(facts), limit);
  };
  CHECK(rule(with_dane()) == ChainRule::dane_vouches);
  CHECK(rule(with_dane(DaneNeed::if_present)) == ChainRule::dane_vouches);
  CHECK(rule(limits()) == ChainRule::pkix);
  facts.mta_sts = policy_of("enforce");
  CHECK(rule(with_dane()) == ChainRule::dane_vouches);  // the host is not in it
  facts.targets.front().is_in_mta_sts_policy = true;
  CHECK(rule(with_dane()) == ChainRule::pkix);
}
