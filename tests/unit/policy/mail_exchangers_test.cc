#include "policy/mail_exchangers.h"

#include "support/catch2.h"
#include "support/fake_clock.h"
#include "support/fake_records.h"

using namespace mailcheck;
using dns::LookupOutcome;
using dns::RecordType;
using Status = policy::MailExchangers::Status;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const std::string kDomain = "example.test";

struct Scene {
  test::FakeClock clock;
  test::FakeRecords records;

  policy::MailExchangers ask(const std::string& domain = kDomain) {
    return policy::look_up_mail_exchangers(domain, records, base::Deadline(clock, 10s));
  }
};

Texts names(const policy::MailExchangers& exchangers) {
  Texts result;
  for (const auto& host : exchangers.hosts) result.push_back(std::to_string(host.preference) + " " + host.host);
  return result;
}

}  // namespace

TEST_CASE("exchangers come by preference, then by name, each once") {
  Scene scene;
  scene.records.mx(kDomain, 20, "z.example.test");
  scene.records.mx(kDomain, 300, "a.example.test");
  scene.records.mx(kDomain, 20, "B.example.test");
  scene.records.mx(kDomain, 30, "Z.EXAMPLE.test");
  const auto answer = scene.ask("example.test.");
  CHECK(answer.status == Status::found);
  CHECK(answer.is_secure);
  CHECK(answer.domain == kDomain);
  CHECK(names(answer) == Texts{"20 B.example.test", "20 z.example.test", "300 a.example.test"});
  CHECK(answer.malformed.empty());
}

TEST_CASE("insecure records are found, and called so") {
  Scene scene;
  scene.records.mx(kDomain, 10, "mx.example.test").is_secure = false;
  const auto answer = scene.ask();
  CHECK(answer.status == Status::found);
  CHECK_FALSE(answer.is_secure);
}

TEST_CASE("a lone root is a null MX, whatever its preference") {
  Scene scene;
  scene.records.mx(kDomain, 10, "");
  const auto answer = scene.ask();
  CHECK(answer.status == Status::null_mx);
  CHECK(answer.hosts.empty());
  CHECK(answer.detail == "example.test takes no mail (null MX)");
}

TEST_CASE("records that lead nowhere are named, and the others stay") {
  Scene scene;
  scene.records.mx(kDomain, 0, "");
  scene.records.mx(kDomain, 10, "192.0.2.1");
  scene.records.mx(kDomain, 10, "mail server.test");
  scene.records.mx(kDomain, 10, "mx.example.test");
  scene.records.add(kDomain, RecordType::mx, "x");
  const auto answer = scene.ask();
  CHECK(answer.status == Status::found);
  CHECK(names(answer) == Texts{"10 mx.example.test"});
  CHECK(answer.malformed == Texts{"a null MX beside other records",
                                  "mail exchanger 192.0.2.1 is an address, not a name",
                                  "mail exchanger mail\\032server.test is no host name", "a malformed MX record"});
}

TEST_CASE("a domain with an address only is its own exchanger") {
  const auto type = GENERATE(RecordType::a, RecordType::aaaa);
  const bool is_secure = GENERATE(true, false);
  Scene scene;
  scene.records.without(kDomain, RecordType::mx, LookupOutcome::no_record).is_secure = is_secure;
  scene.records.without(kDomain, RecordType::a, LookupOutcome::no_record);
  scene.records.at(kDomain, type).outcome = LookupOutcome::found;
  scene.records.add(kDomain, type, "address");
  const auto answer = scene.ask();
  CHECK(answer.status == Status::implicit_mx);
  CHECK(names(answer) == Texts{"0 example.test"});
  CHECK(answer.is_secure == is_secure);
}

TEST_CASE("a domain with neither, and one that does not exist, are absent") {
  Scene scene;
  CHECK(scene.ask().status == Status::absent);
  CHECK(scene.ask().detail == "domain example.test does not exist");
  scene.records.without(kDomain, RecordType::mx, LookupOutcome::no_record);
  scene.records.without(kDomain, RecordType::a, LookupOutcome::no_record);
  scene.records.without(kDomain, RecordType::aaaa, LookupOutcome::no_record);
  CHECK(scene.ask().status == Status::absent);
  CHECK(scene.ask().detail == "example.test has neither MX records nor an address");
}

TEST_CASE("a failing, a silent and an absent server are told apart, for MX and for addresses") {
  const auto [outcome, status] =
      GENERATE(table<LookupOutcome, Status>({{LookupOutcome::failed, Status::bogus},
                                             {LookupOutcome::silent, Status::silent},
                                             {LookupOutcome::unreachable, Status::unreachable}}));
  const auto type = GENERATE(RecordType::mx, RecordType::aaaa);
  Scene scene;
  scene.records.without(kDomain, RecordType::mx, LookupOutcome::no_record);
  scene.records.without(kDomain, RecordType::a, LookupOutcome::no_record);
  scene.records.without(kDomain, type, outcome);
  const auto answer = scene.ask();
  CHECK(answer.status == status);
  CHECK_FALSE(answer.is_secure);
  CHECK(answer.detail == "looking up example.test: the fake has trouble");
}
