#include "policy/mta_sts.h"

#include "support/catch2.h"
#include "support/fake_clock.h"
#include "support/fake_fetcher.h"
#include "support/fake_records.h"
#include "support/fake_resolver.h"

using namespace mailcheck;
using dns::LookupOutcome;
using dns::RecordType;
using Status = policy::MtaStsFacts::Status;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const std::string kDomain = "example.org";
const std::string kRecordName = "_mta-sts.example.org";
const std::string kPolicy = "version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 604800\n";

struct Scene {
  test::FakeClock clock;
  test::FakeRecords records;
  test::FakeResolver resolver;
  test::FakeFetcher fetcher;

  Scene() {
    resolver.add("mta-sts.example.org", {"2001:db8::1", "192.0.2.1"});
    fetcher.answer(kPolicy);
  }
  policy::MtaStsFacts fetch(const std::string& domain = kDomain) {
    const policy::MtaStsSources sources{
        .records = records, .resolver = resolver, .fetcher = fetcher, .ca_file = "ca.pem", .ca_path = "certs"};
    return policy::fetch_mta_sts(domain, sources, base::Deadline(clock, 10s));
  }
};

}  // namespace

TEST_CASE("record and policy together are the facts") {
  Scene scene;
  scene.records.txt(kRecordName, "v=spf1 -all");
  scene.records.txt(kRecordName, "v=STSv1; id=20260615T00;");
  scene.fetcher.answer(kPolicy + "extra: x\n");
  const auto facts = scene.fetch("example.org.");
  CHECK(facts.status == Status::valid);
  CHECK(facts.domain == kDomain);
  CHECK(facts.detail.empty());
  CHECK(facts.id == "20260615T00");
  CHECK(facts.mode == "enforce");
  CHECK(facts.max_age == 604800);
  CHECK(facts.mx == Texts{"*.example.org"});
  CHECK(facts.remarks == Texts{"unknown key extra"});
}

TEST_CASE("the policy is asked for at its well-known place, at our resolver's addresses") {
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1;id=1");
  CHECK(scene.fetch().status == Status::valid);
  REQUIRE(scene.fetcher.requests().size() == 1);
  const auto& request = scene.fetcher.requests().front();
  CHECK(request.host == "mta-sts.example.org");
  CHECK(request.path == "/.well-known/mta-sts.txt");
  CHECK(request.port == 443);
  CHECK(request.addresses == Texts{"2001:db8::1", "192.0.2.1"});
  CHECK(request.ca_file == "ca.pem");
  CHECK(request.ca_path == "certs");
  CHECK(request.largest_body == 65536);
}

TEST_CASE("without a record nobody is asked for a policy") {
  Scene scene;
  SECTION("no such name") {
    CHECK(scene.fetch().detail == "there is no TXT record at _mta-sts.example.org");
  }
  SECTION("no TXT record") {
    scene.records.without(kRecordName, RecordType::txt, LookupOutcome::no_record);
    CHECK(scene.fetch().status == Status::no_record);
  }
  SECTION("other TXT records") {
    scene.records.txt(kRecordName, "v=STSv10; id=1");
    scene.records.txt(kRecordName, " v=STSv1; id=1");
    scene.records.txt(kRecordName, "V=STSv1; id=1");
    CHECK(scene.fetch().detail ==
          "no TXT record at _mta-sts.example.org begins with \"v=STSv1;\" (there is \"v=STSv10; id=1\")");
  }
  CHECK(scene.fetch().status == Status::no_record);
  CHECK(scene.fetcher.requests().empty());
}

TEST_CASE("a record that cannot be read is told from none") {
  const auto text = GENERATE(as<std::string>{}, "v=STSv1", "v=STSv1;", "v=STSv1; id=", "v=STSv1; id=2026-06-15",
                             "v=STSv1; id=123456789012345678901234567890123", "v=STSv1; ID=1", "v=STSv1;; id=1",
                             "v=STSv1; id=1; x", "v=STSv1; id=1; x=\x1b", "v=STSv1; =1; id=1");
  Scene scene;
  scene.records.txt(kRecordName, text);
  CAPTURE(text);
  const auto facts = scene.fetch();
  CHECK(facts.status == Status::bad_record);
  CHECK(facts.detail.find(kRecordName) != std::string::npos);
  CHECK(facts.detail.find('\x1b') == std::string::npos);
  CHECK(facts.id.empty());
  CHECK(scene.fetcher.requests().empty());
}

TEST_CASE("records may have other fields and blanks") {
  const auto text = GENERATE(as<std::string>{}, "v=STSv1; id=7", "v=STSv1\t;\tid=7 ; ", "v=STSv1;x=a=b;id=7;id=8");
  Scene scene;
  scene.records.txt(kRecordName, text);
  CHECK(scene.fetch().id == "7");
}

TEST_CASE("two records are one too many") {
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  scene.records.txt(kRecordName, "v=STSv1; id=2");
  const auto facts = scene.fetch();
  CHECK(facts.status == Status::bad_record);
  CHECK(facts.detail == "2 TXT records at _mta-sts.example.org begin with \"v=STSv1\", only one may");
}

TEST_CASE("a failing, a silent and an absent name server are no absent record") {
  const auto outcome = GENERATE(LookupOutcome::failed, LookupOutcome::silent, LookupOutcome::unreachable);
  Scene scene;
  scene.records.without(kRecordName, RecordType::txt, outcome);
  const auto facts = scene.fetch();
  CHECK(facts.status == Status::lookup_failed);
  CHECK(facts.detail == "looking up _mta-sts.example.org: the fake has trouble");
}

TEST_CASE("a policy host without address, connection or good certificate is unreachable") {
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  SECTION("no address") {
    scene.records.txt("_mta-sts.other.test", "v=STSv1; id=1");
    const auto facts = scene.fetch("other.test");
    CHECK(facts.status == Status::unreachable);
    CHECK(facts.detail == "host name mta-sts.other.test does not exist");
    CHECK(scene.fetcher.requests().empty());
  }
  SECTION("a bad certificate") {
    scene.fetcher.fail(base::ErrorKind::expired, "the certificate has expired");
    const auto facts = scene.fetch();
    CHECK(facts.status == Status::unreachable);
    CHECK(facts.detail == "mta-sts.example.org: the certificate has expired");
    CHECK(facts.id == "1");
  }
}

TEST_CASE("what only this machine lacks is no fault of the policy host, and does not name it") {
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  scene.fetcher.fail(base::ErrorKind::local, "the library libcurl.so.4 is not installed");
  const auto facts = scene.fetch();
  CHECK(facts.status == Status::not_fetched);
  CHECK(facts.detail == "the library libcurl.so.4 is not installed");
  CHECK(facts.id == "1");
}

TEST_CASE("only HTTP status 200 counts, and a redirect is named") {
  const auto [code, words] = GENERATE(table<int, std::string>({
      {301, "mta-sts.example.org answered with a redirect (301), which senders do not follow"},
      {302, "mta-sts.example.org answered with a redirect (302), which senders do not follow"},
      {404, "mta-sts.example.org answered with HTTP status 404"},
      {204, "mta-sts.example.org answered with HTTP status 204"},
  }));
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  scene.fetcher.answer({.status = code, .content_type = "text/plain", .body = kPolicy});
  const auto facts = scene.fetch();
  CHECK(facts.status == Status::unreachable);
  CHECK(facts.detail == words);
  CHECK(facts.mode.empty());
  CHECK(scene.fetcher.requests().size() == 1);
}

TEST_CASE("the policy must be plain text") {
  const auto [type, is_good] = GENERATE(table<std::string, bool>({{"text/plain", true},
                                                                  {"Text/Plain ; charset=utf-8", true},
                                                                  {"text/html", false},
                                                                  {"text/plainish", false},
                                                                  {"", false}}));
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  scene.fetcher.answer({.status = 200, .content_type = type, .body = kPolicy});
  const auto facts = scene.fetch();
  CHECK(facts.status == (is_good ? Status::valid : Status::bad_policy));
  if (!is_good) CHECK(facts.detail == "the policy is not text/plain, but \"" + type + "\"");
}

TEST_CASE("a policy with faults is bad, and what could be read of it is told") {
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  scene.fetcher.answer("version: STSv1\nmode: testing\nmx: 192.0.2.1\nmx: a.test\n");
  const auto facts = scene.fetch();
  CHECK(facts.status == Status::bad_policy);
  CHECK(facts.detail ==
        "the policy is not valid: mx \"192.0.2.1\" is neither a host name nor \"*.\" and one; max_age is missing");
  CHECK(facts.mode == "testing");
  CHECK(facts.mx == Texts{"a.test"});
}

TEST_CASE("of many faults five are told and the rest counted") {
  Scene scene;
  scene.records.txt(kRecordName, "v=STSv1; id=1");
  scene.fetcher.answer("a\nb\nc\nd\n");
  CHECK(scene.fetch().detail ==
        "the policy is not valid: line 1 is not \"key: value\": \"a\"; line 2 is not \"key: value\": \"b\"; line 3 is "
        "not \"key: value\": \"c\"; line 4 is not \"key: value\": \"d\"; version is missing; and 3 more");
}
