#include "policy/tlsa_lookup.h"

#include "dns/secure_resolver.h"
#include "dns/server_records.h"
#include "support/catch2.h"
#include "support/fake_clock.h"
#include "support/fake_records.h"
#include "unit/dns/dns_server.h"

using namespace mailcheck;
using dns::LookupOutcome;
using dns::RecordType;
using policy::AddressFacts;
using Status = policy::TlsaAnswer::Status;
using test::DnsMessage;
using test::DnsRequest;
using test::DnsServer;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const std::string kHost = "mail.example.test";
const std::string kOwner = "_25._tcp.mail.example.test";
const std::string kEnd = "node7.example.test";
const std::string kEndOwner = "_25._tcp.node7.example.test";
const std::string kData = "\x03\x01\x01" + std::string(32, 'x');
const AddressFacts kSecure{.is_given = false, .is_secure = true, .canonical_name = kHost};
const AddressFacts kSecureAlias{.is_given = false, .is_secure = true, .canonical_name = kEnd};
const AddressFacts kInsecureAlias{.is_given = false, .is_secure = false, .canonical_name = kEnd};

struct Scene {
  test::FakeClock clock;
  test::FakeRecords records;

  policy::TlsaAnswer ask(const AddressFacts& addresses, const std::string& host = kHost) {
    return policy::look_up_tlsa(host, 25, addresses, records, base::Deadline(clock, 10s));
  }
};

}  // namespace

TEST_CASE("secure records at a secure host are found") {
  Scene scene;
  scene.records.add(kOwner, RecordType::tlsa, kData);
  scene.records.add(kOwner, RecordType::tlsa, std::string("\x02\x00\x02\xff\x00", 5));
  const auto answer = scene.ask(kSecure, kHost + ".");
  CHECK(answer.status == Status::found);
  CHECK(answer.records == std::vector<tls::Tlsa>{{3, 1, 1, std::string(32, 'x')}, {2, 0, 2, std::string("\xff\0", 2)}});
  CHECK(answer.owner == kOwner);
  CHECK(answer.base == kHost);
  CHECK(answer.malformed.empty());
  CHECK(scene.records.asked() == Texts{kOwner + " TLSA"});
}

TEST_CASE("the port is part of the owner") {
  Scene scene;
  const auto answer = policy::look_up_tlsa(kHost, 993, kSecure, scene.records, base::Deadline(scene.clock, 1s));
  CHECK(answer.owner == "_993._tcp.mail.example.test");
}

TEST_CASE("records without data are malformed, and the others stay") {
  Scene scene;
  scene.records.add(kOwner, RecordType::tlsa, "\x03\x01\x01");
  scene.records.add(kOwner, RecordType::tlsa, kData);
  const auto answer = scene.ask(kSecure);
  CHECK(answer.status == Status::found);
  CHECK(answer.records.size() == 1);
  CHECK(answer.malformed == Texts{"TLSA record 1 has 3 bytes and no certificate data"});
}

TEST_CASE("with insecure addresses nobody is asked") {
  Scene scene;
  scene.records.add(kOwner, RecordType::tlsa, kData);
  const auto answer = scene.ask({.is_given = false, .is_secure = false, .canonical_name = kHost});
  CHECK(answer.status == Status::insecure);
  CHECK(answer.detail == "the addresses of mail.example.test are not secured by DNSSEC");
  CHECK(answer.records.empty());
  CHECK(scene.records.asked().empty());
}

TEST_CASE("given addresses count as secure") {
  Scene scene;
  scene.records.add(kOwner, RecordType::tlsa, kData);
  CHECK(scene.ask({.is_given = true, .is_secure = false, .canonical_name = ""}).status == Status::found);
}

TEST_CASE("a numeric host has no records") {
  Scene scene;
  const auto answer = scene.ask({.is_given = true, .is_secure = false, .canonical_name = ""}, "192.0.2.1");
  CHECK(answer.status == Status::absent);
  CHECK(scene.records.asked().empty());
}

TEST_CASE("absent, insecure, bogus and silent are told apart") {
  const auto [outcome, is_secure, status] = GENERATE(table<LookupOutcome, bool, Status>({
      {LookupOutcome::no_name, true, Status::absent},
      {LookupOutcome::no_record, true, Status::absent},
      {LookupOutcome::no_name, false, Status::insecure},
      {LookupOutcome::no_record, false, Status::insecure},
      {LookupOutcome::found, false, Status::insecure},
      {LookupOutcome::failed, false, Status::bogus},
      {LookupOutcome::silent, false, Status::silent},
      {LookupOutcome::unreachable, false, Status::silent},
  }));
  Scene scene;
  if (outcome == LookupOutcome::found) scene.records.add(kOwner, RecordType::tlsa, kData);
  scene.records.without(kOwner, RecordType::tlsa, outcome).is_secure = is_secure;
  const auto answer = scene.ask(kSecure);
  CHECK(answer.status == status);
  CHECK(answer.records.empty());
  CHECK(answer.detail.find(kOwner) != std::string::npos);
}

TEST_CASE("records at the end of a secure alias come first") {
  Scene scene;
  scene.records.add(kOwner, RecordType::tlsa, kData);
  scene.records.add(kEndOwner, RecordType::tlsa,
                    "\x03\x01\x01"
                    "end");
  const auto answer = scene.ask(kSecureAlias);
  CHECK(answer.status == Status::found);
  CHECK(answer.base == kEnd);
  CHECK(answer.owner == kEndOwner);
  CHECK(answer.records == std::vector<tls::Tlsa>{{3, 1, 1, "end"}});
  CHECK(scene.records.asked().size() == 1);
}

TEST_CASE("with none at the end those at the host count") {
  const bool is_denial_secure = GENERATE(true, false);
  Scene scene;
  scene.records.without(kEndOwner, RecordType::tlsa, LookupOutcome::no_name).is_secure = is_denial_secure;
  scene.records.add(kOwner, RecordType::tlsa, kData);
  const auto answer = scene.ask(kSecureAlias);
  CHECK(answer.status == Status::found);
  CHECK(answer.base == kHost);
}

TEST_CASE("with none at both an insecure answer outweighs an absence") {
  Scene scene;
  scene.records.add(kEndOwner, RecordType::tlsa, kData).is_secure = false;
  const auto answer = scene.ask(kSecureAlias);
  CHECK(answer.status == Status::insecure);
  CHECK(answer.owner == kEndOwner);
}

TEST_CASE("trouble at the end is not looked past") {
  const auto [outcome, status] = GENERATE(table<LookupOutcome, Status>({{LookupOutcome::failed, Status::bogus},
                                                                        {LookupOutcome::silent, Status::silent},
                                                                        {LookupOutcome::unreachable, Status::silent}}));
  Scene scene;
  scene.records.without(kEndOwner, RecordType::tlsa, outcome);
  scene.records.add(kOwner, RecordType::tlsa, kData);
  CHECK(scene.ask(kSecureAlias).status == status);
}

TEST_CASE("a secure alias into an unsigned zone: the records at the host itself count") {
  Scene scene;
  scene.records.add(kHost, RecordType::cname, test::dns_name(kEnd));
  scene.records.add(kOwner, RecordType::tlsa, kData);
  scene.records.add(kEndOwner, RecordType::tlsa, kData);
  const auto answer = scene.ask(kInsecureAlias);
  CHECK(answer.status == Status::found);
  CHECK(answer.base == kHost);
  CHECK(scene.records.asked() == Texts{kHost + " CNAME", kOwner + " TLSA"});
}

TEST_CASE("an alias that is not secure itself: nothing is asked") {
  Scene scene;
  scene.records.add(kHost, RecordType::cname, test::dns_name(kEnd)).is_secure = false;
  const auto answer = scene.ask(kInsecureAlias);
  CHECK(answer.status == Status::insecure);
  CHECK(scene.records.asked() == Texts{kHost + " CNAME"});
}

TEST_CASE("trouble with the alias is told") {
  const auto [outcome, status] = GENERATE(table<LookupOutcome, Status>({{LookupOutcome::failed, Status::bogus},
                                                                        {LookupOutcome::silent, Status::silent},
                                                                        {LookupOutcome::unreachable, Status::silent}}));
  Scene scene;
  scene.records.without(kHost, RecordType::cname, outcome);
  CHECK(scene.ask(kInsecureAlias).status == status);
}

TEST_CASE("from a server's messages: address, alias and records in one go") {
  const bool is_signed = GENERATE(true, false);
  const DnsServer server([is_signed](const DnsRequest& request) {
    DnsMessage reply = DnsMessage(request.name, request.type).id(request.id);
    if (is_signed) reply.authentic();
    if (request.type == DnsMessage::kA) reply.alias(kHost, kEnd).address(kEnd, "127.0.0.1");
    if (request.type == DnsMessage::kTlsa && request.name == kEndOwner) {
      reply.alias(kEndOwner, "tlsa.example.test").record("tlsa.example.test", DnsMessage::kTlsa, kData);
    }
    return reply.bytes();
  });
  const base::SystemClock clock;
  const base::Deadline deadline(clock, 60s);
  dns::ServerRecords records(dns::NameServer{.address = server.address(), .port = server.port()});
  dns::SecureResolver resolver(records);
  REQUIRE(resolver.addresses(kHost, dns::Family::ipv4, deadline));
  CHECK(resolver.is_secure() == is_signed);
  CHECK(resolver.canonical_name() == kEnd);
  const auto answer = policy::look_up_tlsa(
      kHost, 25, {.is_given = false, .is_secure = resolver.is_secure(), .canonical_name = resolver.canonical_name()},
      records, deadline);
  CHECK(answer.status == (is_signed ? Status::found : Status::insecure));
  CHECK(answer.records.size() == (is_signed ? 1 : 0));
}

TEST_CASE("from a server's messages: SERVFAIL is bogus, NXDOMAIN depends on its AD bit") {
  const auto [code, is_signed, status] = GENERATE(table<unsigned, bool, Status>({
      {2, false, Status::bogus},
      {3, true, Status::absent},
      {3, false, Status::insecure},
      {0, true, Status::absent},
      {0, false, Status::insecure},
  }));
  const DnsServer server([code = code, is_signed = is_signed](const DnsRequest& request) {
    DnsMessage reply = DnsMessage(request.name, request.type).id(request.id).code(code);
    if (is_signed) reply.authentic();
    return reply.bytes();
  });
  const base::SystemClock clock;
  dns::ServerRecords records(dns::NameServer{.address = server.address(), .port = server.port()});
  CHECK(policy::look_up_tlsa(kHost, 25, kSecure, records, base::Deadline(clock, 60s)).status == status);
}
