// Profile survey: it reaches what no client should use, and says so; what it asks for on purpose it gets.
#include "tls/survey.h"

#include "client_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using tls::HandshakeStatus;
using tls::KeyType;
using tls::StapleFacts;
using tls::Suites;
using tls::Version;

tls::ClientOptions surveying(tls::SurveyOptions question = {}) {
  tls::ClientOptions options = trusting_options();
  options.survey = std::move(question);
  return options;
}

// The handshake comes about whatever is wrong with the server.
tls::SessionFacts facts_at(const base::Clock& clock, const ServerSetup& setup, tls::SurveyOptions question = {}) {
  TlsServer server(setup);
  const auto client = tls::Client::make(surveying(std::move(question)), clock);
  REQUIRE(client.has_value());
  const auto shaken = shake_hands(**client, server);
  INFO((shaken ? std::string() : shaken.error().detail));
  REQUIRE(shaken == HandshakeStatus::done);
  REQUIRE((*client)->facts().survey.has_value());
  return (*client)->facts();
}
tls::SessionFacts facts_of(const ServerSetup& setup, tls::SurveyOptions question = {}) {
  return facts_at(FakeClock(), setup, std::move(question));
}

base::Error failure_of(const ServerSetup& setup, tls::SurveyOptions question = {}) {
  TlsServer server(setup);
  const auto client = make_client(surveying(std::move(question)));
  const auto shaken = shake_hands(*client, server);
  REQUIRE_FALSE(shaken.has_value());
  CHECK(client->facts().sent_chain.empty());
  CHECK_FALSE(client->facts().survey.has_value());
  return shaken.error();
}

std::vector<ErrorKind> kinds(const tls::SessionFacts& facts) {
  std::vector<ErrorKind> result;
  for (const auto& fault : facts.faults) result.push_back(fault.kind);
  return result;
}

// Each look at it takes a millisecond.
class TickingClock : public base::Clock {
 public:
  [[nodiscard]] base::TimePoint now() const override { return now_ += std::chrono::milliseconds(1); }
  [[nodiscard]] base::WallTime wall() const override { return FakeClock().wall(); }

 private:
  mutable base::TimePoint now_{};
};

// A TLSA record of the certificate "good".
tls::SurveyOptions asking_for_good(std::uint8_t usage) {
  const std::string digits = facts_of({}).sent_chain.front().sha256;
  std::string digest;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    digest += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return {.tlsa = {{.usage = usage, .selector = 0, .matching = 1, .data = digest}},
          .tlsa_names = {"imap.example.test"}};
}

constexpr std::array<std::string_view, 4> kVersionNames = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
constexpr std::array kVersionNumbers = {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};

}  // namespace

TEST_CASE("a good server shows a good session") {
  const auto facts = facts_of({});
  CHECK(facts.version == "TLSv1.3");
  CHECK(facts.faults.empty());
  CHECK(facts.verified_chain.size() == 3);
  CHECK(facts.survey->suite.is_forward_secret);
  CHECK(facts.survey->suite.has_encryption);
  CHECK_FALSE(facts.survey->suite.is_anonymous);
  CHECK(facts.survey->chain_remarks.empty());
  CHECK_FALSE(facts.survey->wants_staple);
  CHECK_FALSE(facts.survey->dane.has_value());
}

TEST_CASE("a server of any version is reached, and its certificate judged") {
  const std::size_t version = GENERATE(0U, 1U, 2U, 3U);
  const auto facts = facts_of({.maximum_version = kVersionNumbers[version]});
  CHECK(facts.version == kVersionNames[version]);
  CHECK(facts.faults.empty());
}

TEST_CASE("one version alone can be offered") {
  const std::size_t version = GENERATE(0U, 1U, 2U, 3U);
  const tls::SurveyOptions question{.only_version = static_cast<Version>(version)};
  CHECK(facts_of({}, question).version == kVersionNames[version]);
  if (version > 0) failure_of({.maximum_version = kVersionNumbers[version - 1]}, question);
  if (version < 3) failure_of({.minimum_version = kVersionNumbers[version + 1]}, question);
}

TEST_CASE("no fault of the certificate fails the handshake, whatever the options say of verification") {
  struct Row {
    std::string certificate;
    std::vector<ErrorKind> kinds;
  };
  const auto row = GENERATE(values<Row>({{"expired", {ErrorKind::expired}},
                                         {"future", {ErrorKind::not_yet_valid}},
                                         {"wrong-name", {ErrorKind::name_mismatch}},
                                         {"self-signed", {ErrorKind::self_signed}},
                                         {"no-intermediate", {ErrorKind::missing_intermediate}},
                                         {"unknown", {ErrorKind::untrusted}},
                                         {"expired-intermediate", {ErrorKind::expired}}}));
  CAPTURE(row.certificate);
  TlsServer server({.certificate = row.certificate});
  tls::ClientOptions options = surveying();
  options.verification = tls::Verification::required;
  const auto client = make_client(options);
  REQUIRE(shake_hands(*client, server) == HandshakeStatus::done);
  CHECK(kinds(client->facts()) == row.kinds);
}

TEST_CASE("weak keys and digests of the chain are faults although every suite is offered") {
  const int version = GENERATE(TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION);
  CHECK(kinds(facts_of({.certificate = "weak-key", .maximum_version = version})) == std::vector{ErrorKind::weak_key});
  CHECK(kinds(facts_of({.certificate = "sha1-signed", .maximum_version = version})) ==
        std::vector{ErrorKind::weak_digest});
}

TEST_CASE("suites without a certificate or without encryption are never taken as long as there are others") {
  const auto facts = facts_of(
      {.certificate = "good-rsa", .maximum_version = TLS1_2_VERSION, .ciphers = "aNULL:eNULL:AES128-SHA:@SECLEVEL=0"});
  CHECK(facts.cipher == "AES128-SHA");
  CHECK_FALSE(facts.survey->suite.is_forward_secret);
}

TEST_CASE("a server that has only anonymous suites refuses the usual question and answers the other") {
  const ServerSetup anonymous{.maximum_version = TLS1_2_VERSION, .ciphers = "aNULL:!eNULL:@SECLEVEL=0"};
  CHECK(failure_of(anonymous).kind == ErrorKind::tls_handshake);
  const auto facts = facts_of(anonymous, {.suites = Suites::nobody});
  CHECK(facts.survey->suite.is_anonymous);
  CHECK(facts.survey->suite.has_encryption);
  CHECK(facts.sent_chain.empty());
  CHECK(facts.survey->staple.status == StapleFacts::Status::absent);
}

TEST_CASE("a server that has only suites without encryption does too") {
  const ServerSetup plain{
      .certificate = "good-rsa", .maximum_version = TLS1_2_VERSION, .ciphers = "eNULL:!aNULL:@SECLEVEL=0"};
  CHECK(failure_of(plain).kind == ErrorKind::tls_handshake);
  const auto facts = facts_of(plain, {.suites = Suites::nobody});
  CHECK_FALSE(facts.survey->suite.has_encryption);
  CHECK_FALSE(facts.survey->suite.is_anonymous);
  CHECK(facts.sent_chain.size() == 2);
  CHECK(facts.faults.empty());
}

TEST_CASE("a server with good suites has none for the other question") {
  CHECK(failure_of({}, {.suites = Suites::nobody}).kind == ErrorKind::tls_handshake);
  CHECK(failure_of({.maximum_version = TLS1_2_VERSION}, {.suites = Suites::nobody}).kind == ErrorKind::tls_handshake);
}

TEST_CASE("of two certificates the one whose key is asked for is shown") {
  struct Row {
    KeyType type;
    std::string key;
  };
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto row = GENERATE(values<Row>({{KeyType::rsa, "RSA 2048"}, {KeyType::ecdsa, "EC P-256"}}));
  CAPTURE(version, row.key);
  const ServerSetup both{.certificate = "good", .maximum_version = version, .second_certificate = "good-rsa"};
  const auto facts = facts_of(both, {.key_type = row.type});
  REQUIRE_FALSE(facts.sent_chain.empty());
  CHECK(facts.sent_chain.front().key == row.key);
  CHECK(facts.faults.empty());
}

TEST_CASE("an Ed25519 key is asked for in the same way") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const ServerSetup both{.certificate = "good", .maximum_version = version, .second_certificate = "good-ed25519"};
  CHECK(facts_of(both, {.key_type = KeyType::ed25519}).sent_chain.front().key == "ED25519");
  CHECK(facts_of(both, {.key_type = KeyType::ecdsa}).sent_chain.front().key == "EC P-256");
}

TEST_CASE("a key type that the server does not have fails the handshake before any certificate") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  CAPTURE(version);
  CHECK(failure_of({.maximum_version = version}, {.key_type = KeyType::rsa}).kind == ErrorKind::tls_handshake);
  CHECK(failure_of({.maximum_version = version}, {.key_type = KeyType::ed25519}).kind == ErrorKind::tls_handshake);
  const ServerSetup rsa{.certificate = "good-rsa", .maximum_version = version};
  CHECK(failure_of(rsa, {.key_type = KeyType::ecdsa}).kind == ErrorKind::tls_handshake);
}

TEST_CASE("the staple is asked for and read") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  const auto status = [version](const std::string& staple) {
    // The CA's answers are as old as the CA.
    return facts_at(base::SystemClock(), {.maximum_version = version, .staple = staple}).survey->staple.status;
  };
  CHECK(status("") == StapleFacts::Status::absent);
  CHECK(status("ocsp-good.der") == StapleFacts::Status::good);
  CHECK(status("ocsp-revoked.der") == StapleFacts::Status::revoked);
  CHECK(status("ocsp-other.der") == StapleFacts::Status::invalid);
  CHECK(facts_of({.staple = "ocsp-good.der"}).survey->staple.status == StapleFacts::Status::stale);  // before its time
}

TEST_CASE("a certificate that demands a staple says so, whether one comes or not") {
  CHECK(facts_of({.certificate = "must-staple"}).survey->wants_staple);
  const auto facts = facts_at(base::SystemClock(), {.certificate = "must-staple", .staple = "ocsp-good.der"});
  CHECK(facts.survey->wants_staple);
  CHECK(facts.survey->staple.status == StapleFacts::Status::good);
}

TEST_CASE("small groups are reached and told") {
  struct Row {
    ServerSetup setup;
    int bits;
    bool is_finite_field;
  };
  const auto row = GENERATE(values<Row>({{{.maximum_version = TLS1_2_VERSION, .groups = "P-192"}, 192, false},
                                         {{.maximum_version = TLS1_2_VERSION, .groups = "secp224r1"}, 224, false},
                                         {{.maximum_version = TLS1_2_VERSION, .groups = "P-256"}, 256, false},
                                         {{.certificate = "good-rsa",
                                           .maximum_version = TLS1_2_VERSION,
                                           .ciphers = "DHE:@SECLEVEL=0",
                                           .has_small_dh = true},
                                          1024,
                                          true},
                                         {{.groups = "ffdhe2048"}, 2048, true}}));
  CAPTURE(row.bits);
  const auto facts = facts_of(row.setup);
  CHECK(facts.survey->suite.group_bits == row.bits);
  CHECK(facts.survey->suite.is_finite_field_group == row.is_finite_field);
}

TEST_CASE("our own part of the handshake is measured") {
  // Building the chain, and reading the facts: two spans, each of one tick.
  CHECK(facts_at(TickingClock(), {}).survey->verification == std::chrono::milliseconds(2));
}

TEST_CASE("TLSA records are matched beside PKIX, if there are any") {
  using Result = tls::DaneRecordFacts::Result;
  tls::SurveyOptions question = asking_for_good(3);
  auto facts = facts_of({}, question);
  REQUIRE(facts.survey->dane.has_value());
  CHECK(facts.survey->dane->is_authenticated);
  CHECK(facts.survey->dane->records.at(0).result == Result::matched);
  facts = facts_of({.certificate = "good-rsa"}, question);
  CHECK(facts.faults.empty());
  CHECK_FALSE(facts.survey->dane->is_authenticated);
  CHECK(facts.survey->dane->records.at(0).result == Result::not_matched);
}

TEST_CASE("usages of PKIX count by the rules that are given") {
  using Result = tls::DaneRecordFacts::Result;
  tls::SurveyOptions question = asking_for_good(1);
  CHECK(facts_of({}, question).survey->dane->records.at(0).result == Result::unusable);
  question.dane_rules = tls::DaneRules::generic;
  CHECK(facts_of({}, question).survey->dane->records.at(0).result == Result::matched);
}
