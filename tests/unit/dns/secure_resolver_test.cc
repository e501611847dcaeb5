#include "dns/secure_resolver.h"

#include "support/catch2.h"
#include "support/fake_clock.h"
#include "support/fake_records.h"

using namespace mailcheck;
using dns::Family;
using dns::LookupOutcome;
using dns::RecordType;
using test::FakeRecords;
using namespace std::chrono_literals;

namespace {

const std::string kHost = "mail.example.test";
const std::string kIpv6Loopback = std::string(15, '\0') + '\x01';

struct Scene {
  test::FakeClock clock;
  FakeRecords records;
  dns::SecureResolver resolver{records};

  base::Result<std::vector<dns::Address>> ask(Family family = Family::any, const std::string& host = kHost) {
    return resolver.addresses(host, family, base::Deadline(clock, 10s));
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("addresses are secure if every answer that gave some is") {
  const bool is_ipv6_secure = GENERATE(true, false);
  const bool is_ipv4_secure = GENERATE(true, false);
  Scene scene;
  scene.records.ipv4(kHost).is_secure = is_ipv4_secure;
  scene.records.add(kHost, RecordType::aaaa, kIpv6Loopback).is_secure = is_ipv6_secure;
  const auto answer = scene.ask();
  REQUIRE(answer);
  CHECK(answer->size() == 2);
  CHECK(scene.resolver.is_secure() == (is_ipv4_secure && is_ipv6_secure));
  CHECK(scene.resolver.canonical_name() == kHost);
  CHECK(scene.records.asked() == Texts{kHost + " AAAA", kHost + " A"});
}

TEST_CASE("a family without addresses, or unanswered, does not make the other insecure") {
  Scene scene;
  const auto outcome = GENERATE(LookupOutcome::no_record, LookupOutcome::failed, LookupOutcome::silent);
  scene.records.ipv4(kHost);
  scene.records.without(kHost, RecordType::aaaa, outcome).is_secure = false;
  REQUIRE(scene.ask());
  CHECK(scene.resolver.is_secure());
}

TEST_CASE("the canonical name is remembered, and forgotten with the next call") {
  Scene scene;
  scene.records.ipv4(kHost).canonical_name = "node7.example.test";
  scene.records.without(kHost, RecordType::aaaa, LookupOutcome::no_record);
  REQUIRE(scene.ask());
  CHECK(scene.resolver.canonical_name() == "node7.example.test");
  CHECK_FALSE(scene.ask(Family::any, "absent.example.test."));
  CHECK(scene.resolver.canonical_name() == "absent.example.test");
  CHECK_FALSE(scene.resolver.is_secure());
}

TEST_CASE("one family is one question to the source of records") {
  Scene scene;
  scene.records.ipv4(kHost);
  REQUIRE(scene.ask(Family::ipv4));
  CHECK(scene.records.asked() == Texts{kHost + " A"});
}

TEST_CASE("a numeric host is not asked for, and not secure") {
  Scene scene;
  const auto answer = scene.ask(Family::any, "192.0.2.1");
  REQUIRE(answer);
  CHECK(answer->front().to_string() == "192.0.2.1");
  CHECK_FALSE(scene.resolver.is_secure());
  CHECK(scene.records.asked().empty());
}

TEST_CASE("the errors are those of the other resolvers") {
  Scene scene;
  CHECK(scene.ask().error().detail == "host name mail.example.test does not exist");
  scene.records.without(kHost, RecordType::a, LookupOutcome::no_record);
  scene.records.without(kHost, RecordType::aaaa, LookupOutcome::no_record);
  CHECK(scene.ask().error().detail == "host name mail.example.test has no address");
  CHECK(scene.ask().error().kind == base::ErrorKind::dns);
  CHECK(scene.ask(Family::ipv6).error().detail == "host name mail.example.test has no IPv6 address");
  scene.records.at(kHost, RecordType::a).outcome = LookupOutcome::found;
  scene.records.ipv4(kHost);
  CHECK(scene.ask(Family::ipv6).error().detail == "host name mail.example.test has no IPv6 address, only IPv4");
}

TEST_CASE("a failing and a silent server are told apart") {
  Scene scene;
  scene.records.without(kHost, RecordType::a, LookupOutcome::failed);
  CHECK(scene.ask(Family::ipv4).error().kind == base::ErrorKind::dns);
  CHECK(scene.ask(Family::ipv4).error().detail == "looking up mail.example.test: the fake has trouble");
  scene.records.without(kHost, RecordType::a, LookupOutcome::silent);
  CHECK(scene.ask(Family::ipv4).error().kind == base::ErrorKind::timeout);
  CHECK(scene.ask(Family::ipv4).error().stage == base::Stage::dns);
}

TEST_CASE("what stood in the way of addresses is told as the source told it") {
  const auto [outcome, kind] = GENERATE(table<LookupOutcome, base::ErrorKind>({
      {LookupOutcome::no_record, base::ErrorKind::dns},
      {LookupOutcome::no_name, base::ErrorKind::dns},
      {LookupOutcome::failed, base::ErrorKind::dns},
      {LookupOutcome::silent, base::ErrorKind::timeout},
      {LookupOutcome::unreachable, base::ErrorKind::dns},
  }));
  Scene scene;
  scene.records.without(kHost, RecordType::a, outcome);
  scene.records.without(kHost, RecordType::aaaa, outcome);
  const auto answer = scene.ask();
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == kind);
  CHECK(scene.resolver.outcome() == outcome);
}

TEST_CASE("of two failures the first is told, and none once addresses were found") {
  Scene scene;
  scene.records.without(kHost, RecordType::aaaa, LookupOutcome::unreachable);
  scene.records.without(kHost, RecordType::a, LookupOutcome::failed);
  CHECK_FALSE(scene.ask());
  CHECK(scene.resolver.outcome() == LookupOutcome::unreachable);
  scene.records.at(kHost, RecordType::a).outcome = LookupOutcome::found;
  scene.records.ipv4(kHost);
  REQUIRE(scene.ask());
  CHECK(scene.resolver.outcome() == LookupOutcome::found);
  CHECK_FALSE(scene.ask(Family::ipv6));
  REQUIRE(scene.ask(Family::any, "192.0.2.1"));
  CHECK(scene.resolver.outcome() == LookupOutcome::found);
}

TEST_CASE("an answer with a malformed address counts for nothing") {
  Scene scene;
  scene.records.ipv4(kHost);
  scene.records.add(kHost, RecordType::aaaa, kIpv6Loopback).is_secure = false;
  scene.records.add(kHost, RecordType::aaaa, "short");
  const auto answer = scene.ask();
  REQUIRE(answer);
  CHECK(answer->size() == 1);
  CHECK_FALSE(answer->front().is_ipv6());
  CHECK(scene.resolver.is_secure());
  CHECK(scene.ask(Family::ipv6).error().detail == "looking up mail.example.test: an address is malformed");
}
