#include "tls/dane.h"

#include <openssl/evp.h>

#include "chain_fixture.h"

namespace {

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono;
using Result = tls::DaneRecordFacts::Result;
using tls::DaneRules;
using tls::Tlsa;

const base::WallTime kNow = sys_days(2026y / 6 / 15);

std::string der_of(X509* certificate, std::uint8_t selector) {
  unsigned char* bytes = nullptr;
  const int size =
      selector == 0 ? i2d_X509(certificate, &bytes) : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
  REQUIRE(size > 0);
  std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

std::string digested(const std::string& bytes, std::uint8_t matching) {
  if (matching == 0) return bytes;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  REQUIRE(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, matching == 1 ? EVP_sha256() : EVP_sha512(),
                     nullptr) == 1);
  return {reinterpret_cast<const char*>(out.data()), size};
}

struct Numbers {
  std::uint8_t usage, selector, matching;
};

// A record for the certificate at that place of the file.
Tlsa record(Numbers numbers, const std::string& file, int place = 0) {
  const auto chain = load_chain({file});
  X509* certificate = sk_X509_value(chain.get(), place);
  return {numbers.usage, numbers.selector, numbers.matching,
          digested(der_of(certificate, numbers.selector), numbers.matching)};
}

Tlsa intermediate(Numbers numbers) {
  return record(numbers, "good.pem", 1);
}

struct Server {
  std::vector<std::string> sent = {"good.pem"};
  std::vector<std::string> names = {"imap.example.test"};
  std::vector<std::string> trusted = {};
  DaneRules rules = DaneRules::mail_transfer;
};

tls::DaneFacts match(const std::vector<Tlsa>& records, const Server& server = {}) {
  const auto chain = load_chain(server.sent);
  const auto store = load_store(server.trusted);
  return tls::match_dane({.records = records,
                          .names = server.names,
                          .leaf = sk_X509_value(chain.get(), 0),
                          .sent_chain = chain.get(),
                          .store = store.get(),
                          .now = kNow,
                          .rules = server.rules});
}

std::vector<std::uint8_t> bytes(std::initializer_list<std::uint8_t> values) {
  return values;
}

// The result of a single record.
Result result(const Tlsa& tlsa, const Server& server = {}) {
  const auto facts = match({tlsa}, server);
  REQUIRE(facts.records.size() == 1);
  CHECK(facts.records[0].tlsa == tlsa);
  CHECK(facts.detail.find(facts.records[0].detail) != std::string::npos);
  CHECK(facts.is_authenticated == (facts.records[0].result == Result::matched));
  CHECK(ERR_peek_error() == 0);
  return facts.records[0].result;
}

std::string detail(const Tlsa& tlsa, const Server& server = {}) {
  return match({tlsa}, server).records.at(0).detail;
}

}  // namespace

TEST_CASE("DANE-EE matches the server's certificate or key, in full or as a digest") {
  for (const auto selector : bytes({0, 1})) {
    for (const auto matching : bytes({0, 1, 2})) {
      const Numbers numbers{3, selector, matching};
      CAPTURE(int(selector), int(matching));
      CHECK(result(record(numbers, "good.pem")) == Result::matched);
      CHECK(result(record(numbers, "good-rsa.pem")) == Result::not_matched);
      CHECK(result(intermediate(numbers)) == Result::not_matched);
    }
  }
  CHECK(detail(record({3, 1, 1}, "good.pem")) == "3 1 1 matches the server's certificate");
  CHECK(detail(record({3, 1, 1}, "good-rsa.pem")) == "3 1 1 does not match the server's certificate");
}

TEST_CASE("DANE-EE asks for no name, no dates, no chain and no strong key") {
  CHECK(result(record({3, 1, 1}, "expired.pem"), {.sent = {"expired.pem"}}) == Result::matched);
  CHECK(result(record({3, 1, 1}, "future.pem"), {.sent = {"future.pem"}}) == Result::matched);
  CHECK(result(record({3, 1, 1}, "wrong-name.pem"), {.sent = {"wrong-name.pem"}}) == Result::matched);
  CHECK(result(record({3, 1, 1}, "no-intermediate.pem"), {.sent = {"no-intermediate.pem"}}) == Result::matched);
  CHECK(result(record({3, 1, 1}, "self-signed.pem"), {.sent = {"self-signed.pem"}, .names = {}}) == Result::matched);
  CHECK(result(record({3, 0, 1}, "weak-key.pem"), {.sent = {"weak-key.pem"}}) == Result::matched);
}

TEST_CASE("DANE-TA matches a root that was sent, trusted here or not") {
  const Server sending{.sent = {"good.pem", "root.pem"}};
  for (const auto selector : bytes({0, 1})) {
    for (const auto matching : bytes({1, 2})) {
      CHECK(result(record({2, selector, matching}, "root.pem"), sending) == Result::matched);
    }
  }
  CHECK(detail(record({2, 0, 1}, "root.pem"), sending) == "2 0 1 matches CN=Test Root");
}

TEST_CASE("the digest of a root that is not sent matches nothing, even if that root is trusted here") {
  const Server trusting{.trusted = {"root.pem"}};
  CHECK(result(record({2, 0, 1}, "root.pem"), trusting) == Result::not_matched);
  CHECK(result(record({2, 1, 1}, "root.pem"), trusting) == Result::not_matched);
  CHECK(detail(record({2, 1, 1}, "root.pem"), trusting) == "2 1 1 matches no CA certificate sent");
}

TEST_CASE("DANE-TA matches an intermediate that was sent") {
  CHECK(result(intermediate({2, 1, 1})) == Result::matched);
  CHECK(result(intermediate({2, 0, 1})) == Result::matched);
  CHECK(detail(intermediate({2, 1, 1})) == "2 1 1 matches CN=Test Intermediate");
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"no-intermediate.pem"}}) == Result::not_matched);
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"unknown.pem"}}) == Result::not_matched);
}

TEST_CASE("a trust anchor that stands in full in the record need not be sent") {
  CHECK(result(record({2, 0, 0}, "root.pem")) == Result::matched);
  const Server alone{.sent = {"no-intermediate.pem"}};
  CHECK(result(intermediate({2, 0, 0}), alone) == Result::matched);
  CHECK(result(intermediate({2, 1, 0}), alone) == Result::matched);
  CHECK(detail(intermediate({2, 1, 0}), alone) == "2 1 0 matches the key that signed the chain");
}

TEST_CASE("DANE-TA still wants dates") {
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"expired.pem"}}) == Result::not_matched);
  CHECK(detail(intermediate({2, 1, 1}), {.sent = {"expired.pem"}}) ==
        "2 1 1 matches CN=Test Intermediate, but: certificate has expired");
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"future.pem"}}) == Result::not_matched);
  CHECK(result(record({2, 1, 1}, "root.pem"), {.sent = {"expired-intermediate.pem", "root.pem"}}) ==
        Result::not_matched);
}

TEST_CASE("DANE-TA still wants one of the names") {
  const Server server{.sent = {"wrong-name.pem"}};
  CHECK(result(intermediate({2, 1, 1}), server) == Result::not_matched);
  CHECK(detail(intermediate({2, 1, 1}), server) == "2 1 1 matches CN=Test Intermediate, but: hostname mismatch");
  CHECK(result(intermediate({2, 1, 1}), {.names = {"example.test", "mail.example.test."}}) == Result::matched);
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"wildcard.pem"}}) == Result::matched);
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"partial-wildcard.pem"}}) == Result::not_matched);
  CHECK(result(intermediate({2, 1, 1}), {.sent = {"cn-only.pem"}}) == Result::not_matched);
}

TEST_CASE("without a name that can be checked DANE-TA matches nothing") {
  CHECK(result(intermediate({2, 1, 1}), {.names = {}}) == Result::not_matched);
  CHECK(result(intermediate({2, 1, 1}), {.names = {".example.test"}}) == Result::not_matched);
  CHECK(result(intermediate({2, 1, 1}), {.names = {"127.0.0.1"}}) == Result::not_matched);
}

TEST_CASE("usages 0 and 1 are unusable for mail transfer") {
  const Server trusting{.trusted = {"root.pem"}};
  CHECK(result(record({1, 1, 1}, "good.pem"), trusting) == Result::unusable);
  CHECK(result(intermediate({0, 1, 1}), trusting) == Result::unusable);
  CHECK(detail(record({1, 1, 1}, "good.pem")) == "1 1 1: usage 1 is not for mail transfer (RFC 7672 section 3.1.3)");
}

TEST_CASE("elsewhere usages 0 and 1 want a chain that is good by the store too") {
  const Server trusting{.trusted = {"root.pem"}, .rules = DaneRules::generic};
  CHECK(result(record({1, 1, 1}, "good.pem"), trusting) == Result::matched);
  CHECK(result(intermediate({0, 1, 1}), trusting) == Result::matched);
  CHECK(result(record({0, 0, 1}, "root.pem"), trusting) == Result::matched);
  CHECK(result(record({1, 1, 1}, "good-rsa.pem"), trusting) == Result::not_matched);
  CHECK(result(record({0, 0, 1}, "other-root.pem"), trusting) == Result::not_matched);
  const Server trusting_nobody{.rules = DaneRules::generic};
  CHECK(result(record({1, 1, 1}, "good.pem"), trusting_nobody) == Result::not_matched);
  CHECK(result(intermediate({0, 1, 1}), trusting_nobody) == Result::not_matched);
  CHECK(result(record({1, 1, 1}, "wrong-name.pem"),
               {.sent = {"wrong-name.pem"}, .trusted = {"root.pem"}, .rules = DaneRules::generic}) ==
        Result::not_matched);
  CHECK(result(record({3, 1, 1}, "wrong-name.pem"), {.sent = {"wrong-name.pem"}, .rules = DaneRules::generic}) ==
        Result::matched);
}

TEST_CASE("a record that cannot be used says why") {
  CHECK(result({3, 1, 1, ""}) == Result::unusable);
  CHECK(detail({3, 1, 1, ""}) == "3 1 1: digest of 0 bytes instead of 32");
  CHECK(detail({3, 1, 1, std::string(20, 'x')}) == "3 1 1: digest of 20 bytes instead of 32");
  CHECK(detail({3, 1, 2, std::string(32, 'x')}) == "3 1 2: digest of 32 bytes instead of 64");
  CHECK(detail({4, 1, 1, std::string(32, 'x')}) == "4 1 1: usage 4 is unknown");
  CHECK(detail({3, 2, 1, std::string(32, 'x')}) == "3 2 1: selector 2 is unknown");
  CHECK(detail({3, 1, 255, std::string(32, 'x')}) == "3 1 255: matching type 255 is unknown");
  CHECK(result({3, 1, 0, "no key"}) == Result::unusable);
  CHECK(detail({3, 1, 0, "no key"}) == "3 1 0: its public key cannot be parsed");
  CHECK(detail({2, 0, 0, "no certificate"}) == "2 0 0: its certificate cannot be parsed");
  CHECK(detail({3, 0, 0, ""}) == "3 0 0: its certificate cannot be parsed");
}

TEST_CASE("an unusable record never counts as an absent one: PKIX does not stand in for it") {
  const auto facts = match({{3, 1, 1, "short"}}, {.trusted = {"root.pem"}});
  CHECK_FALSE(facts.is_authenticated);
  CHECK(facts.detail == "no TLSA record can be used: 3 1 1: digest of 5 bytes instead of 32");
}

TEST_CASE("the digest of an empty file is recognized") {
  CHECK(result({3, 0, 1, digested("", 1)}) == Result::not_matched);
  CHECK(detail({3, 0, 1, digested("", 1)}) == "3 0 1 is the digest of nothing: it was made from an empty file");
  CHECK(detail({2, 1, 2, digested("", 2)}) == "2 1 2 is the digest of nothing: it was made from an empty file");
}

TEST_CASE("in a roll-over each record has its own result, and one is enough") {
  const auto facts = match({record({3, 1, 1}, "good-rsa.pem"), {7, 0, 0, ""}, record({3, 1, 1}, "good.pem")});
  REQUIRE(facts.records.size() == 3);
  CHECK(facts.records[0].result == Result::not_matched);
  CHECK(facts.records[1].result == Result::unusable);
  CHECK(facts.records[2].result == Result::matched);
  CHECK(facts.is_authenticated);
  CHECK(facts.detail == "3 1 1 matches the server's certificate");
}

TEST_CASE("when nothing matches, the detail is that of a usable record") {
  const auto facts = match({{7, 0, 0, ""}, record({3, 1, 1}, "good-rsa.pem")});
  CHECK_FALSE(facts.is_authenticated);
  CHECK(facts.detail == "no TLSA record matches: 3 1 1 does not match the server's certificate");
}

TEST_CASE("senders skip SHA-256 beside SHA-512 of the same usage and selector") {
  const auto old_digest = record({3, 1, 1}, "good.pem");
  const auto facts = match({old_digest, record({3, 1, 2}, "good-rsa.pem")});
  CHECK(facts.records[0].result == Result::matched);
  CHECK_FALSE(facts.is_authenticated);
  CHECK(facts.detail ==
        "3 1 1 matches the server's certificate, but senders skip it: a record with SHA-512 stands beside it (RFC 7671 "
        "section 9)");
  CHECK(match({old_digest, record({3, 0, 2}, "good-rsa.pem")}).is_authenticated);
  CHECK(match({old_digest, record({3, 1, 2}, "good.pem")}).is_authenticated);
  CHECK(match({old_digest, {3, 1, 2, "short"}}).is_authenticated);
  CHECK(match({record({3, 1, 0}, "good.pem"), record({3, 1, 2}, "good-rsa.pem")}).is_authenticated);
}

TEST_CASE("no record authenticates nobody") {
  const auto facts = match({}, {.trusted = {"root.pem"}});
  CHECK(facts.records.empty());
  CHECK_FALSE(facts.is_authenticated);
  CHECK(facts.detail == "no TLSA record");
}

TEST_CASE("no more than 64 records are looked at") {
  std::vector<Tlsa> records;
  for (int i = 0; i < 64; ++i) records.push_back({3, 1, 1, digested(std::to_string(i), 1)});
  records.push_back(record({3, 1, 1}, "good.pem"));
  const auto facts = match(records);
  CHECK(facts.records.size() == 64);
  CHECK_FALSE(facts.is_authenticated);
}

TEST_CASE("a record that comes again is told once") {
  const auto good = record({3, 1, 1}, "good.pem");
  const auto other = record({3, 1, 1}, "good-rsa.pem");
  const auto facts = match({good, other, good, other, record({3, 0, 1}, "good.pem")});
  REQUIRE(facts.records.size() == 3);
  CHECK(facts.records[0].tlsa == good);
  CHECK(facts.records[1].tlsa == other);
  CHECK(facts.records[2].tlsa == record({3, 0, 1}, "good.pem"));
}

TEST_CASE("no more than 8 records are worth building a chain") {
  std::vector<Tlsa> records;
  for (int i = 0; i < 8; ++i) records.push_back({2, 1, 1, digested(std::to_string(i), 1)});
  SECTION("the ninth is left aside, the server's own certificate is looked at all the same") {
    records.push_back(intermediate({2, 1, 1}));
    CHECK_FALSE(match(records).is_authenticated);
    const auto ninth = match(records).records.at(8);
    CHECK(ninth.result == Result::unusable);
    CHECK(ninth.detail == "2 1 1: one of too many for a chain");
    records.push_back(record({3, 1, 1}, "good.pem"));
    CHECK(match(records).is_authenticated);
  }
  SECTION("the eighth counts") {
    records.back() = intermediate({2, 1, 1});
    CHECK(match(records).is_authenticated);
  }
  SECTION("one that came before does not count again") {
    records.back() = records.front();
    records.push_back(intermediate({2, 1, 1}));
    CHECK(match(records).is_authenticated);
  }
}
