// Every finding comes from facts alone: its name, default state and words; --result changes its state and nothing else.
#include "plugins/check_mail_tls/judge.h"

#include <functional>
#include <set>

#include "unit/plugins_check_mail_tls/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::Scope;
using plugins::mail_tls::DaneNeed;
using plugins::mail_tls::judge;
using plugins::mail_tls::Limits;
using policy::MailExchangers;
using policy::MtaStsFacts;
using policy::TlsaAnswer;
using probe::TlsSurveyFacts;
using tls::ChainRemark;
using tls::KeyType;
using tls::StapleFacts;
using Names = std::vector<std::string>;

namespace {

using Change = std::function<void(TlsSurveyFacts&, Limits&)>;

struct Case {
  std::string_view name;
  Status state;
  std::string text;
  Change change;
};

Change fault(ErrorKind kind) {
  return [kind](TlsSurveyFacts& facts, Limits&) { first_session(facts).faults = {{kind, "certificate is odd"}}; };
}
Change staple(StapleFacts given) {
  return [given](TlsSurveyFacts& facts, Limits&) { first_survey(facts).staple = given; };
}
Change remark(ChainRemark::Kind kind) {
  return [kind](TlsSurveyFacts& facts, Limits&) { first_survey(facts).chain_remarks = {{kind, "it is odd"}}; };
}
Change suite(tls::SuiteFacts given) {
  return [given](TlsSurveyFacts& facts, Limits&) {
    first_survey(facts).suite = given;
    first_session(facts).cipher = "SUITE";
    first_session(facts).group = "GROUP";
  };
}
Change answer(TlsaAnswer::Status status) {
  return [status](TlsSurveyFacts& facts, Limits& limits) {
    limits.dane = DaneNeed::required;
    facts.targets.front().tlsa = TlsaAnswer{.status = status, .detail = "says DNS"};
  };
}
Change records(const std::vector<tls::DaneRecordFacts>& given) {
  return [given](TlsSurveyFacts& facts, Limits& limits) {
    limits.dane = DaneNeed::required;
    publish(facts.targets.front(), given);
  };
}
Change sts(MtaStsFacts given) {
  given.domain = "example.test";
  if (given.max_age == 0) given.max_age = 604800;
  return [given](TlsSurveyFacts& facts, Limits&) {
    facts.mta_sts = given;
    facts.targets.front().is_in_mta_sts_policy = given.mx == Names{"mail.example.test"};
  };
}

std::vector<Case> session_cases() {
  return {
      {"address-failed", Status::ok, "smtp 587: address-failed, 2001:db8::25: network unreachable",
       [](auto& facts, auto&) {
         first_look(facts).session.failed_addresses = {{"2001:db8::25", "network unreachable"}};
       }},
      {"old-protocol", Status::critical, "smtp 587: old-protocol, TLSv1.1 was agreed on, TLSv1.2 is the minimum",
       [](auto& facts, auto&) { first_session(facts).version = "TLSv1.1"; }},
      {"old-protocol-accepted", Status::warning, "smtp 587: old-protocol-accepted, TLS 1.0 is accepted",
       [](auto& facts, auto&) {
         facts.targets.front().old_versions = probe::OldVersions{{"TLS 1.0"}, {}};
       }},
      {"not-measured", Status::unknown, "smtp 587: not-measured, TLS 1.1: connection refused",
       [](auto& facts, auto&) {
         facts.targets.front().old_versions = probe::OldVersions{{}, {"TLS 1.1: connection refused"}};
       }},
      {"no-forward-secrecy", Status::warning, "smtp 587: no-forward-secrecy, SUITE has none",
       suite({.has_encryption = true, .strength_bits = 128})},
      {"weak-group", Status::critical, "smtp 587: weak-group, key exchange by GROUP, at least 2048 bits are needed",
       suite({.is_forward_secret = true,
              .has_encryption = true,
              .strength_bits = 128,
              .group_bits = 1024,
              .is_finite_field_group = true})},
      {"weak-cipher", Status::critical, "smtp 587: weak-cipher, SUITE (3DES, 112 bits)",
       suite({.is_forward_secret = true, .has_encryption = true, .strength_bits = 112, .weakness = "3DES"})},
      {"anonymous-suite", Status::critical, "smtp 587: anonymous-suite, nothing but SUITE and its like is accepted",
       suite({.is_forward_secret = true, .is_anonymous = true, .has_encryption = true, .strength_bits = 256})},
      {"null-suite", Status::critical, "smtp 587: null-suite, nothing but SUITE and its like is accepted", suite({})},
      {"key-type-absent", Status::critical, "smtp 587: key-type-absent, no certificate with this key (alert 40)",
       [](auto& facts, auto&) {
         first_look(facts).key_type = KeyType::rsa;
         fail(first_look(facts), Stage::tls, ErrorKind::tls_handshake, "alert 40");
         first_look(facts).is_offer_refused = true;
       }},
      {"weak-signature", Status::critical, "smtp 587: weak-signature, signed with SHA1",
       [](auto& facts, auto&) { first_survey(facts).suite.weak_signature = "SHA1"; }},
      {"no-secure-renegotiation", Status::critical,
       "smtp 587: no-secure-renegotiation, TLSv1.3 without RFC 5746, which clients of today demand",
       [](auto& facts, auto&) { first_survey(facts).suite.has_secure_renegotiation = false; }},
  };
}

std::vector<Case> certificate_cases() {
  std::vector<Case> cases;
  for (const ErrorKind kind : {ErrorKind::expired, ErrorKind::not_yet_valid, ErrorKind::name_mismatch,
                               ErrorKind::self_signed, ErrorKind::missing_intermediate, ErrorKind::untrusted,
                               ErrorKind::wrong_purpose, ErrorKind::weak_key, ErrorKind::weak_digest}) {
    const auto name = base::to_string(kind);
    cases.push_back({name, Status::critical, "smtp 587: " + std::string(name) + ", certificate is odd", fault(kind)});
  }
  const std::vector<Case> more = {
      {"revoked", Status::critical,
       "smtp 587: revoked, the staple says that the certificate was revoked on 2026-06-14 00:00:00 UTC (keyCompromise)",
       staple({.status = StapleFacts::Status::revoked, .revoked_at = in_days(-1), .reason = "keyCompromise"})},
      {"staple-stale", Status::warning, "smtp 587: staple-stale, the staple was good until 2026-06-14 00:00:00 UTC",
       staple({.status = StapleFacts::Status::stale, .next_update = in_days(-1)})},
      {"staple-invalid", Status::warning, "smtp 587: staple-invalid, it is not signed",
       staple({.status = StapleFacts::Status::invalid, .detail = "it is not signed"})},
      {"staple-missing", Status::critical,
       "smtp 587: staple-missing, no staple was sent, the certificate demands one (must-staple)",
       [](auto& facts, auto&) { first_survey(facts).wants_staple = true; }},
      {"chain-order", Status::ok, "smtp 587: chain-order, it is odd", remark(ChainRemark::Kind::wrong_order)},
      {"surplus-certificate", Status::ok, "smtp 587: surplus-certificate, it is odd",
       remark(ChainRemark::Kind::surplus)},
      {"not-expected", Status::critical,
       "smtp 587: not-expected, the key's pin is cGlu, which --pin-sha256 does not name",
       [](auto&, auto& limits) { limits.expected.pins = {"AAAA"}; }},
      {"secret-file-readable", Status::ok, "secret-file-readable: /tmp/key has mode 0644",
       [](auto&, auto& limits) { limits.readable_secret_files = {"/tmp/key has mode 0644"}; }},
  };
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

std::vector<Case> dane_cases() {
  return {
      {"dane-absent", Status::critical, "smtp 587: dane-absent, says DNS", answer(TlsaAnswer::Status::absent)},
      {"dane-insecure", Status::critical, "smtp 587: dane-insecure, says DNS", answer(TlsaAnswer::Status::insecure)},
      {"dane-bogus", Status::critical, "smtp 587: dane-bogus, says DNS", answer(TlsaAnswer::Status::bogus)},
      {"dane-unanswered", Status::unknown, "smtp 587: dane-unanswered, says DNS", answer(TlsaAnswer::Status::silent)},
      {"dane-mismatch", Status::critical,
       "smtp 587: dane-mismatch, 3 1 1 matches nothing (_587._tcp.mail.example.test); 3 1 1 aabb would match",
       records({missing_record()})},
      {"dane-unusable", Status::warning, "smtp 587: dane-unusable, 0 0 1: not for mail",
       records({record(tls::DaneRecordFacts::Result::unusable, "0 0 1: not for mail")})},
      {"dane-rollover", Status::ok, "smtp 587: dane-rollover, 1 of 2 TLSA records do not match: 3 1 1 matches nothing",
       records({matching_record(), missing_record()})},
      {"dane-remote-resolver", Status::ok, "the fake: dane-remote-resolver, its word on DNSSEC came over the network",
       [](auto& facts, auto& limits) {
         records({matching_record()})(facts, limits);
         facts.is_resolver_local = false;
       }},
  };
}

std::vector<Case> domain_cases() {
  using Kind = MtaStsFacts::Status;
  const Names mx = {"mail.example.test"};
  return {
      {"mx-null", Status::critical, "example.test: mx-null, says DNS",
       [](auto& facts, auto&) {
         facts.targets.clear();
         facts.exchangers = {.status = MailExchangers::Status::null_mx, .domain = "example.test", .detail = "says DNS"};
       }},
      {"mx-invalid", Status::warning, "example.test: mx-invalid, MX record 2 names no host",
       [](auto& facts, auto&) {
         facts.exchangers = {.status = MailExchangers::Status::found,
                             .domain = "example.test",
                             .hosts = {{10, "mail.example.test"}},
                             .malformed = {"MX record 2 names no host"}};
       }},
      {"deviation", Status::ok, "example.test: deviation, unknown key x",
       sts({.status = Kind::valid, .mode = "enforce", .mx = mx, .remarks = {"unknown key x"}})},
      {"mta-sts-unanswered", Status::unknown, "example.test: mta-sts-unanswered, SERVFAIL",
       sts({.status = Kind::lookup_failed, .detail = "SERVFAIL"})},
      {"mta-sts-absent", Status::critical, "example.test: mta-sts-absent, no such record",
       sts({.status = Kind::no_record, .detail = "no such record"})},
      {"mta-sts-invalid", Status::critical, "example.test: mta-sts-invalid, mode is missing",
       sts({.status = Kind::bad_policy, .detail = "mode is missing"})},
      {"mta-sts-unreachable", Status::critical, "example.test: mta-sts-unreachable, status 404",
       sts({.status = Kind::unreachable, .detail = "status 404"})},
      {"mta-sts-mismatch", Status::critical,
       "mail.example.test: mta-sts-mismatch, the policy of example.test names mx.example.test, *.example.org",
       sts({.status = Kind::valid, .mode = "enforce", .mx = {"mx.example.test", "*.example.org"}})},
      {"mta-sts-none", Status::warning, "example.test: mta-sts-none, the policy protects nothing",
       sts({.status = Kind::valid, .mode = "none"})},
      {"mta-sts-testing", Status::ok, "example.test: mta-sts-testing, the policy is not enforced",
       sts({.status = Kind::valid, .mode = "testing", .mx = mx})},
      {"mta-sts-short-lived", Status::ok, "example.test: mta-sts-short-lived, max_age is 86399 s, less than a day",
       sts({.status = Kind::valid, .mode = "enforce", .max_age = 86399, .mx = mx})},
      {"caa", Status::ok, "mail.example.test: caa, example.test has issue \"ca.example\"",
       [](auto& facts, auto&) {
         facts.targets.front().caa = {.status = policy::Caa::Status::found,
                                      .name = "example.test",
                                      .records = {{.is_critical = false, .tag = "issue", .value = "ca.example"}}};
       }},
      {"tls-rpt", Status::ok, "example.test: tls-rpt, reports go to mailto:tls@example.test",
       [mx](auto& facts, auto& limits) {
         sts({.status = Kind::valid, .mode = "enforce", .mx = mx})(facts, limits);
         facts.tls_rpt = {.status = policy::TlsRpt::Status::valid, .rua = {"mailto:tls@example.test"}};
       }},
  };
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& cases : {session_cases(), certificate_cases(), dane_cases(), domain_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

plugin::Report judged(const Case& one, std::string_view result = {}, Status state = Status::ok) {
  TlsSurveyFacts facts = good_facts();
  Limits limit = limits();
  one.change(facts, limit);
  if (!result.empty()) limit = with_result(std::move(limit), result, state);
  return judge(facts, limit);
}

// Those that end a session, so that their facts are one error.
std::vector<ErrorKind> endings() {
  const auto known = plugins::finding_names(Scope::tls);
  std::vector<ErrorKind> kinds;
  for (int number = 0; number <= static_cast<int>(ErrorKind::local); ++number) {
    const auto kind = static_cast<ErrorKind>(number);
    if (std::find(known.begin(), known.end(), base::to_string(kind)) != known.end()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

TEST_CASE("what is well makes no finding") {
  const auto report = judge(good_facts(), limits());
  CHECK(report.findings.empty());
  CHECK(report.summary ==
        "mail.example.test, smtp 587: TLSv1.3, trusted, certificate good for 60.0 days (75 %), 0.040 s");
  CHECK(report.service == "MAIL TLS");
  CHECK(report.host == "mail.example.test");
  CHECK(report.address == "192.0.2.25");
  CHECK(report.port == 587);
  CHECK(report.server.code == "221");
  CHECK(report.targets.empty());
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
    for (const Status state : {Status::ok, Status::warning, Status::critical, Status::unknown}) {
      const auto changed = judged(one, one.name, state);
      CHECK(finding(changed, one.name).status == state);
      CHECK(finding(changed, one.name).text == one.text);
      CHECK(plugin::status(changed) == state);
      CHECK(names(changed) == names(report));
    }
  }
}

TEST_CASE("every error that ends a session is the finding of its kind, and --result changes the state") {
  for (const ErrorKind kind : endings()) {
    const std::string name(base::to_string(kind));
    CAPTURE(name);
    TlsSurveyFacts facts = good_facts();
    fail(first_look(facts), Stage::connect, kind);
    const auto report = judge(facts, limits());
    CHECK(names(report) == Names{name});
    CHECK(plugin::status(report) == plugins::Findings().make(name, "").status);
    CHECK(report.summary.empty());
    for (const Status state : {Status::ok, Status::warning, Status::critical, Status::unknown}) {
      CHECK(plugin::status(judge(facts, with_result(limits(), name, state))) == state);
    }
  }
}

TEST_CASE("these are all the findings there are") {
  std::set<std::string_view> tried = {"transcript-failed"};  // not the judge's: tests/unit/plugins_shared/run_test.cc
  for (const Case& one : all_cases()) tried.insert(one.name);
  for (const ErrorKind kind : endings()) tried.insert(base::to_string(kind));
  const auto known = plugins::finding_names(Scope::tls);
  CHECK(tried == std::set<std::string_view>(known.begin(), known.end()));
}

TEST_CASE("the step stands before an error whose name does not tell it") {
  struct Row {
    Stage stage;
    ErrorKind kind;
    std::string text;
  };
  const auto row = GENERATE(values<Row>(
      {{Stage::starttls, ErrorKind::starttls_absent, "smtp 587: starttls-absent, our words, after 0.039 s"},
       {Stage::starttls, ErrorKind::starttls_refused, "smtp 587: starttls-refused, our words, after 0.039 s"},
       {Stage::tls, ErrorKind::tls_handshake, "smtp 587: tls-handshake, our words, after 0.039 s"},
       {Stage::tls, ErrorKind::starttls_injected, "smtp 587: tls: starttls-injected, our words, after 0.039 s"},
       {Stage::greeting, ErrorKind::tls_on_plain_port,
        "smtp 587: greeting: tls-on-plain-port, our words, after 0.039 s"},
       {Stage::greeting, ErrorKind::greeting, "smtp 587: greeting: our words, after 0.039 s"},
       {Stage::ehlo, ErrorKind::timeout, "smtp 587: ehlo: timeout, our words, after 0.039 s"},
       {Stage::connect, ErrorKind::connect, "smtp 587: connect: our words, after 0.039 s"}}));
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), row.stage, row.kind);
  CHECK(judge(facts, limits()).findings.at(0).text == row.text);
}

TEST_CASE("the server's own words stand behind ours") {
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), Stage::starttls, ErrorKind::starttls_refused);
  first_look(facts).session.error->peer_code = "454 4.7.0";
  first_look(facts).session.error->peer_text = "TLS not available";
  CHECK(judge(facts, limits()).findings.at(0).text ==
        "smtp 587: starttls-refused, our words: 454 4.7.0 \"TLS not available\", after 0.039 s");
}

TEST_CASE("a timeout at the greeting of a plain port hints at implicit TLS") {
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), Stage::greeting, ErrorKind::timeout);
  CHECK(judge(facts, limits()).findings.at(0).hint.find("--tls implicit") != std::string::npos);
}

TEST_CASE("a server that refuses us after the handshake is judged for what it has shown, too") {
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), Stage::quit, ErrorKind::tls_handshake, "server demands a client certificate");
  first_session(facts).faults = {{ErrorKind::name_mismatch, "certificate is for others"}};
  CHECK(names(judge(facts, limits())) == Names{"tls-handshake", "name-mismatch"});
}

TEST_CASE("a handshake that failed behind the certificate still tells the certificate's faults") {
  TlsSurveyFacts facts = good_facts();
  first_look(facts).session.error = base::Error{Stage::tls, ErrorKind::tls_handshake, "alert 40"};
  first_session(facts).faults = {{ErrorKind::expired, "certificate ended yesterday"}};
  first_session(facts).survey.reset();
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"tls-handshake", "expired"});
  CHECK(report.summary.empty());
}

TEST_CASE("the minimum version is the user's") {
  struct Row {
    std::string version;
    tls::Version minimum;
    bool is_old;
  };
  const auto row = GENERATE(values<Row>({{"TLSv1", tls::Version::tls1_0, false},
                                         {"TLSv1", tls::Version::tls1_1, true},
                                         {"TLSv1.1", tls::Version::tls1_1, false},
                                         {"TLSv1.1", tls::Version::tls1_2, true},
                                         {"TLSv1.2", tls::Version::tls1_2, false},
                                         {"TLSv1.2", tls::Version::tls1_3, true},
                                         {"TLSv1.3", tls::Version::tls1_3, false}}));
  CAPTURE(row.version);
  TlsSurveyFacts facts = good_facts();
  first_session(facts).version = row.version;
  Limits limit = limits();
  limit.minimum_version = row.minimum;
  CHECK(names(judge(facts, limit)) == (row.is_old ? Names{"old-protocol"} : Names{}));
}

TEST_CASE("both old versions are told in one finding") {
  TlsSurveyFacts facts = good_facts();
  facts.targets.front().old_versions = probe::OldVersions{{"TLS 1.0", "TLS 1.1"}, {}};
  CHECK(judge(facts, limits()).findings.at(0).text ==
        "smtp 587: old-protocol-accepted, TLS 1.0 and TLS 1.1 are accepted");
  facts.targets.front().old_versions = probe::OldVersions{};
  CHECK(judge(facts, limits()).findings.empty());
}

TEST_CASE("bits of cipher and group are judged by their kind") {
  struct Row {
    int strength;
    int group;
    bool is_finite_field;
    Names names;
  };
  const auto row = GENERATE(values<Row>({{128, 224, false, {}},
                                         {128, 223, false, {"weak-group"}},
                                         {128, 192, false, {"weak-group"}},
                                         {128, 2048, true, {}},
                                         {128, 2047, true, {"weak-group"}},
                                         {128, 0, false, {}},  // not known
                                         {127, 253, false, {"weak-cipher"}},
                                         {112, 1024, true, {"weak-cipher", "weak-group"}}}));
  CAPTURE(row.strength, row.group);
  TlsSurveyFacts facts = good_facts();
  auto& suite = first_survey(facts).suite;
  suite.strength_bits = row.strength;
  suite.group_bits = row.group;
  suite.is_finite_field_group = row.is_finite_field;
  CHECK(names(judge(facts, limits())) == row.names);
}

TEST_CASE("an anonymous suite has no certificate whose faults could be told") {
  TlsSurveyFacts facts = good_facts();
  first_survey(facts).suite.is_anonymous = true;
  first_session(facts).sent_chain.clear();
  first_session(facts).verified_chain.clear();
  first_session(facts).faults = {{ErrorKind::untrusted, "server sent no certificate"}};
  const auto report = judge(facts, limits());
  CHECK(names(report) == Names{"anonymous-suite"});
  CHECK(report.metrics.empty());
}

TEST_CASE("all faults of a certificate are told, in their order") {
  TlsSurveyFacts facts = good_facts();
  first_session(facts).faults = {
      {ErrorKind::expired, "a"}, {ErrorKind::name_mismatch, "b"}, {ErrorKind::weak_key, "c"}};
  CHECK(names(judge(facts, limits())) == Names{"expired", "name-mismatch", "weak-key"});
}

TEST_CASE("a staple is asked for by the certificate, by the user, or by nobody") {
  struct Row {
    StapleFacts::Status status;
    bool must_staple;
    bool is_required;
    Names names;
  };
  using Is = StapleFacts::Status;
  const auto row =
      GENERATE(values<Row>({{Is::absent, false, false, {}},
                            {Is::absent, true, false, {"staple-missing"}},
                            {Is::absent, false, true, {"staple-missing"}},
                            {Is::good, true, true, {}},
                            {Is::revoked, true, true, {"revoked"}},
                            {Is::stale, false, true, {"staple-stale", "staple-missing"}},
                            {Is::invalid, true, false, {"staple-invalid", "staple-missing"}},
                            {Is::unknown_certificate, false, false, {"staple-invalid"}},
                            {Is::unknown_certificate, false, true, {"staple-invalid", "staple-missing"}}}));
  CAPTURE(static_cast<int>(row.status), row.must_staple, row.is_required);
  TlsSurveyFacts facts = good_facts();
  first_survey(facts).staple.status = row.status;
  first_survey(facts).wants_staple = row.must_staple;
  Limits limit = limits();
  limit.expected.needs_staple = row.is_required;
  CHECK(names(judge(facts, limit)) == row.names);
}

TEST_CASE("any of several pins and fingerprints will do, and the issuer's name holds the text") {
  TlsSurveyFacts facts = good_facts();
  Limits limit = limits();
  limit.expected = {.pins = {"AAAA", "cGlu"}, .fingerprints = {"1234", "00ff"}, .issuer = "Intermediate"};
  CHECK(judge(facts, limit).findings.empty());
  limit.expected = {.pins = {"AAAA"}, .fingerprints = {"1234"}, .issuer = "Let's Encrypt"};
  const auto report = judge(facts, limit);
  REQUIRE(names(report) == Names{"not-expected", "not-expected", "not-expected"});
  CHECK(report.findings[1].text ==
        "smtp 587: not-expected, the fingerprint is 00ff, which --fingerprint does not name");
  CHECK(report.findings[2].text ==
        "smtp 587: not-expected, the issuer is CN=Test Intermediate, without \"Let's Encrypt\"");
}

TEST_CASE("a key of another type than was asked for is told, whoever sent it") {
  struct Row {
    KeyType asked;
    std::string key;
    bool is_absent;
  };
  const auto row = GENERATE(values<Row>({{KeyType::any, "RSA 2048", false},
                                         {KeyType::rsa, "RSA 2048", false},
                                         {KeyType::rsa, "EC P-256", true},
                                         {KeyType::ecdsa, "EC P-384", false},
                                         {KeyType::ecdsa, "ED25519", true},
                                         {KeyType::ed25519, "ED25519", false},
                                         {KeyType::ed25519, "RSA 2048", true}}));
  CAPTURE(row.key);
  TlsSurveyFacts facts = good_facts();
  first_look(facts).key_type = row.asked;
  first_session(facts).sent_chain.front().key = row.key;
  const auto report = judge(facts, limits());
  CHECK(names(report) == (row.is_absent ? Names{"key-type-absent"} : Names{}));
  if (row.is_absent) {
    CHECK(report.findings[0].text ==
          "smtp 587: key-type-absent, the certificate's key is " + row.key + " all the same");
  }
}

TEST_CASE("only a server that refuses the offer tells of the key type") {
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), Stage::tls, ErrorKind::tls_handshake);
  first_look(facts).key_type = KeyType::rsa;
  CHECK(names(judge(facts, limits())) == Names{"tls-handshake"});
  first_look(facts).is_offer_refused = true;
  CHECK(names(judge(facts, limits())) == Names{"key-type-absent"});
  first_look(facts).key_type = KeyType::any;
  CHECK(names(judge(facts, limits())) == Names{"tls-handshake"});
}

TEST_CASE("a threshold of a step is a finding, and the summary stands behind it") {
  Limits limit = limits();
  limit.thresholds.set_critical("tls", range("0.02"));
  const auto report = judge(good_facts(), limit);
  CHECK(names(report) == Names{"threshold"});
  CHECK(report.summary == "TLSv1.3, 0.040 s");
}

TEST_CASE("where nothing better than an old version was agreed on that is said once") {
  TlsSurveyFacts facts = good_facts();
  first_session(facts).version = GENERATE("TLSv1", "TLSv1.1");
  facts.targets.front().old_versions = probe::OldVersions{{"TLS 1.0", "TLS 1.1"}, {}};
  CHECK(names(judge(facts, limits())) == Names{"old-protocol"});
}

TEST_CASE("the issuer's name is looked for as people write it") {
  TlsSurveyFacts facts = good_facts();
  first_session(facts).sent_chain.front().issuer = "CN=R11,O=Let\\'s Encrypt\\, Inc.";
  Limits limit = limits();
  for (const auto* text : {"Let's Encrypt", "let's encrypt, inc.", "o=LET'S", "R11"}) {
    limit.expected.issuer = text;
    CHECK(judge(facts, limit).findings.empty());
  }
  limit.expected.issuer = "Other";
  CHECK(names(judge(facts, limit)) == Names{"not-expected"});
}

TEST_CASE("what is expected of a certificate, or measured of it, is not met without one") {
  TlsSurveyFacts facts = good_facts();
  first_survey(facts).suite.is_anonymous = true;
  first_session(facts).sent_chain.clear();
  first_session(facts).verified_chain.clear();
  Limits limit = with_result(limits(), "anonymous-suite", Status::ok);
  CHECK(plugin::status(judge(facts, limit)) == Status::ok);
  SECTION("a pin") {
    limit.expected.pins = {"cGlu"};
    CHECK(finding(judge(facts, limit), "not-expected").text == "smtp 587: not-expected, there is no certificate");
  }
  SECTION("a range") {
    limit.thresholds.set_warning("cert_days", range("30:"));
    CHECK(finding(judge(facts, limit), "not-measured").text == "not-measured, cert_days: no certificate was seen");
  }
  SECTION("a server that was never reached, and that is said to be well") {
    fail(first_look(facts), Stage::connect, ErrorKind::connect);
    limit = with_result(limits(), "connect", Status::ok);
    limit.thresholds.set_critical("chain_days", range("1:"));
    limit.expected.issuer = "CN";
    CHECK(alarms(judge(facts, limit)) == Names{"not-measured", "not-expected"});
  }
}

TEST_CASE("who is asked for a client certificate is told how to show one") {
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), Stage::quit, ErrorKind::tls_handshake, "server demands a client certificate");
  CHECK(judge(facts, limits()).findings.at(0).hint.find("--client-cert") != std::string::npos);
}

// ---------------------------------------------------------------- several connections

TEST_CASE("with several addresses every finding says which it means, and each has a line") {
  TlsSurveyFacts facts = good_facts();
  facts.targets.front().looks.push_back(good_look("2001:db8::25"));
  facts.targets.front().looks[1].session.tls->faults = {{ErrorKind::expired, "certificate ended"}};
  const auto report = judge(facts, limits());
  REQUIRE(names(report) == Names{"expired"});
  CHECK(report.findings[0].text == "mail.example.test 2001:db8::25 smtp 587: expired, certificate ended");
  CHECK(report.targets ==
        Names{"[OK] mail.example.test 192.0.2.25 smtp 587: TLSv1.3, trusted, certificate good for 60.0 days (75 %)",
              "[CRITICAL] mail.example.test 2001:db8::25 smtp 587: expired, certificate ended"});
  CHECK(report.summary == "2 connections to mail.example.test, 0.040 s");
}

TEST_CASE("with both key types the type is named") {
  TlsSurveyFacts facts = good_facts();
  auto& looks = facts.targets.front().looks;
  looks.push_back(good_look());
  looks[0].key_type = KeyType::rsa;
  looks[1].key_type = KeyType::ecdsa;
  fail(looks[0], Stage::tls, ErrorKind::tls_handshake, "alert 40");
  looks[0].is_offer_refused = true;
  const auto report = judge(facts, limits());
  CHECK(report.findings.at(0).text ==
        "mail.example.test 192.0.2.25 smtp 587, rsa: key-type-absent, no certificate with this key (alert 40)");
  CHECK(report.targets.at(1) ==
        "[OK] mail.example.test 192.0.2.25 smtp 587, ecdsa: TLSv1.3, trusted, certificate good for 60.0 days (75 %)");
  CHECK(report.summary.empty());
}

TEST_CASE("a host without an address does not hide the others") {
  TlsSurveyFacts facts = good_facts();
  facts.targets.push_back(good_target("mx2.example.test"));
  facts.targets[1].looks.clear();
  facts.targets[1].error = base::Error{Stage::dns, ErrorKind::dns, "host name mx2.example.test does not exist"};
  auto report = judge(facts, limits());
  CHECK(names(report) == Names{"dns"});
  const std::string words = "dns: host name mx2.example.test does not exist, after 0.040 s";
  CHECK(report.findings[0].text == "mx2.example.test smtp 587: " + words);
  REQUIRE(report.targets.size() == 2);
  CHECK(report.targets[0].starts_with("[OK] mail.example.test 192.0.2.25 smtp 587: TLSv1.3, trusted"));
  CHECK(report.targets[1] == "[CRITICAL] mx2.example.test smtp 587: " + words);
  report = judge(facts, with_result(limits(), "dns", Status::ok));
  CHECK(report.targets[1] == "[OK] mx2.example.test smtp 587: " + words);
}

TEST_CASE("a connection that failed has a line of its own") {
  TlsSurveyFacts facts = good_facts();
  facts.targets.front().looks.push_back(good_look("2001:db8::25"));
  auto& second = facts.targets.front().looks[1];
  fail(second, Stage::connect, ErrorKind::connect, "connection refused");
  second.session.address.clear();
  const auto report = judge(facts, limits());
  CHECK(report.targets.at(1) == "[CRITICAL] mail.example.test smtp 587: connect: connection refused, after 0.039 s");
  CHECK(report.summary.empty());
}

TEST_CASE("the facts are those of the worst connection that came to a handshake") {
  TlsSurveyFacts facts = good_facts();
  auto& looks = facts.targets.front().looks;
  looks.push_back(good_look("2001:db8::25"));
  looks.push_back(good_look("2001:db8::26"));
  CHECK(judge(facts, limits()).address == "192.0.2.25");  // all alike: the first
  looks[1].session.tls->faults = {{ErrorKind::expired, "certificate ended"}};
  looks[1].session.tls->sent_chain.front().serial = "ffff";
  fail(looks[2], Stage::starttls, ErrorKind::starttls_absent);
  auto report = judge(facts, limits());
  CHECK(report.address == "2001:db8::25");
  CHECK(fact(report, "certificate_serial") == "ffff");
  CHECK(fact(report, "is_trusted") == "no");
  fail(looks[0], Stage::connect, ErrorKind::connect);
  fail(looks[1], Stage::connect, ErrorKind::connect);
  report = judge(facts, limits());
  CHECK(report.address == "192.0.2.25");
  CHECK(fact(report, "tls_version").empty());
}

TEST_CASE("a note makes no host's line worse") {
  TlsSurveyFacts facts = good_facts();
  facts.targets.front().looks.push_back(good_look("2001:db8::25"));
  first_survey(facts).chain_remarks = {{ChainRemark::Kind::wrong_order, "it is odd"}};
  CHECK(judge(facts, limits()).targets.at(0).starts_with("[OK] mail.example.test 192.0.2.25 smtp 587: TLSv1.3"));
}

TEST_CASE("the summary of a domain's exchangers names the domain") {
  TlsSurveyFacts facts = good_facts();
  facts.exchangers = {.status = MailExchangers::Status::found,
                      .domain = "example.test",
                      .hosts = {{10, "mail.example.test"}, {20, "mx2.example.test"}}};
  facts.targets.push_back(good_target("mx2.example.test"));
  CHECK(judge(facts, limits()).summary == "2 connections to the mail exchangers of example.test, 0.040 s");
  CHECK(judge(facts, limits()).host == "example.test");
  facts.targets.pop_back();
  CHECK(judge(facts, limits()).summary ==
        "example.test, mail.example.test 192.0.2.25 smtp 587: TLSv1.3, trusted, certificate good for 60.0 days (75 %), "
        "0.040 s");
}

TEST_CASE("a Unix socket has no port and no host name to speak of") {
  TlsSurveyFacts facts = good_facts();
  facts.targets.front().host.clear();
  facts.targets.front().port = 0;
  auto& look = first_look(facts);
  look.session.host = "/run/lmtp";
  look.session.port = 0;
  look.session.address.clear();
  first_session(facts).faults = {{ErrorKind::expired, "certificate ended"}};
  Limits limit = limits();
  limit.service = "lmtp";
  auto report = judge(facts, limit);
  CHECK(report.findings.at(0).text == "lmtp: expired, certificate ended");
  CHECK(report.host == "/run/lmtp");
  facts.targets.front().looks.push_back(look);
  facts.targets.front().looks[0].key_type = KeyType::rsa;
  facts.targets.front().looks[1].key_type = KeyType::ecdsa;
  report = judge(facts, limit);
  CHECK(report.findings.at(0).text == "lmtp, rsa: expired, certificate ended");
}

// ---------------------------------------------------------------- facts

TEST_CASE("what was seen is told as facts") {
  TlsSurveyFacts facts = good_facts();
  first_survey(facts).staple.status = StapleFacts::Status::good;
  const auto report = judge(facts, limits());
  CHECK(fact(report, "tls_version") == "TLSv1.3");
  CHECK(fact(report, "tls_cipher") == "TLS_AES_256_GCM_SHA384");
  CHECK(fact(report, "tls_group") == "X25519");
  CHECK(fact(report, "certificate_subject") == "CN=mail.example.test");
  CHECK(fact(report, "certificate_names") == "mail.example.test");
  CHECK(fact(report, "certificate_serial") == "0a1b");
  CHECK(fact(report, "certificate_sha256") == "00ff");
  CHECK(fact(report, "certificate_pin_sha256") == "cGlu");
  CHECK(fact(report, "greeting") == "mail.example.test ESMTP");
  CHECK(fact(report, "capabilities_before_tls") == "SIZE 1000, STARTTLS");
  CHECK(fact(report, "is_trusted") == "yes");
  CHECK(fact(report, "forward_secrecy") == "yes");
  CHECK(fact(report, "staple") == "good");
  CHECK(fact(report, "chain") ==
        "CN=mail.example.test, EC P-256, ends 2026-08-14 00:00:00 UTC (60.0 days, 75 % left), "
        "CN=Test Intermediate, EC P-256, ends 2029-03-11 00:00:00 UTC (1000.0 days, 27 % left), "
        "CN=Test Root, EC P-256, ends 2040-02-22 00:00:00 UTC (5000.0 days, 68 % left)");
}

TEST_CASE("the time of the handshake is split into the server's part and our own") {
  const auto report = judge(good_facts(), limits());
  CHECK(fact(report, "tls_server_seconds") == "0.025000");
  CHECK(fact(report, "tls_verification_seconds") == "0.005000");
}

TEST_CASE("before a handshake there are no facts of one") {
  TlsSurveyFacts facts = good_facts();
  fail(first_look(facts), Stage::starttls, ErrorKind::starttls_absent);
  const auto report = judge(facts, limits());
  CHECK(fact(report, "greeting") == "mail.example.test ESMTP");
  for (const auto* name : {"tls_version", "is_trusted", "staple", "chain", "tls_server_seconds", "forward_secrecy"}) {
    CHECK(fact(report, name).empty());
  }
  CHECK(report.metrics.empty());
}
