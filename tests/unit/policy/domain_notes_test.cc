#include "policy/domain_notes.h"

#include "support/catch2.h"
#include "support/fake_clock.h"
#include "support/fake_records.h"

using namespace mailcheck;
using dns::LookupOutcome;
using dns::RecordType;
using policy::Caa;
using policy::TlsRpt;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const std::string kReports = "_smtp._tls.example.test";

struct Scene {
  test::FakeClock clock;
  test::FakeRecords records;

  TlsRpt reports(const std::string& domain = "example.test") {
    return policy::look_up_tls_rpt(domain, records, base::Deadline(clock, 10s));
  }
  Caa caa(const std::string& host = "mx.mail.example.test") {
    return policy::look_up_caa(host, records, base::Deadline(clock, 10s));
  }
};

}  // namespace

TEST_CASE("the addresses for TLS reports are listed") {
  Scene scene;
  scene.records.txt(kReports, "v=TLSRPTv1; rua=mailto:tls@example.test , https://report.example.test/v1?a=b;");
  const auto answer = scene.reports("example.test.");
  CHECK(answer.status == TlsRpt::Status::valid);
  CHECK(answer.rua == Texts{"mailto:tls@example.test", "https://report.example.test/v1?a=b"});
  CHECK(answer.detail.empty());
}

TEST_CASE("a record for TLS reports without a usable address is bad") {
  const auto text = GENERATE(as<std::string>{}, "v=TLSRPTv1", "v=TLSRPTv1; rua=", "v=TLSRPTv1; rua=tls@example.test",
                             "v=TLSRPTv1; rua=mailto:", "v=TLSRPTv1; rua=http://example.test/",
                             "v=TLSRPTv1; rua=mailto:a@b.test,", "v=TLSRPTv1; ruf=mailto:a@b.test");
  Scene scene;
  scene.records.txt(kReports, text);
  CAPTURE(text);
  CHECK(scene.reports().status == TlsRpt::Status::bad_record);
  CHECK_FALSE(scene.reports().detail.empty());
}

TEST_CASE("no, two and unanswered records for TLS reports are told apart") {
  Scene scene;
  CHECK(scene.reports().status == TlsRpt::Status::no_record);
  CHECK(scene.reports().detail == "there is no TXT record at _smtp._tls.example.test");
  scene.records.txt(kReports, "v=TLSRPTv1; rua=mailto:a@b.test");
  scene.records.txt(kReports, "v=TLSRPTv1; rua=mailto:a@b.test");
  CHECK(scene.reports().status == TlsRpt::Status::bad_record);
  scene.records.without(kReports, RecordType::txt, LookupOutcome::silent).data.clear();
  CHECK(scene.reports().status == TlsRpt::Status::lookup_failed);
}

TEST_CASE("CAA records are those of the nearest name that has some") {
  Scene scene;
  scene.records.without("mx.mail.example.test", RecordType::caa, LookupOutcome::no_record);
  scene.records.caa("example.test", "issue", "ca.test");
  scene.records.caa("example.test", "iodef", "mailto:pki@example.test").is_secure = false;
  scene.records.caa("test", "issue", ";");
  const auto answer = scene.caa();
  CHECK(answer.status == Caa::Status::found);
  CHECK(answer.name == "example.test");
  CHECK_FALSE(answer.is_secure);
  REQUIRE(answer.records.size() == 2);
  CHECK(answer.records.front().tag == "issue");
  CHECK(answer.records.front().value == "ca.test");
  CHECK(scene.records.asked() == Texts{"mx.mail.example.test CAA", "mail.example.test CAA", "example.test CAA"});
}

TEST_CASE("the tree is climbed up to the last label, and not to the root") {
  Scene scene;
  const auto answer = scene.caa("mail.example.test.");
  CHECK(answer.status == Caa::Status::absent);
  CHECK(scene.records.asked() == Texts{"mail.example.test CAA", "example.test CAA", "test CAA"});
}

TEST_CASE("a host of too many labels is given up after ten") {
  Scene scene;
  CHECK(scene.caa("10.9.8.7.6.5.4.3.2.1.example").status == Caa::Status::lookup_failed);
  CHECK(scene.records.asked().size() == 10);
  CHECK(scene.caa("9.8.7.6.5.4.3.2.1.example").status == Caa::Status::absent);
}

TEST_CASE("a failing server or a malformed CAA record ends the climb") {
  Scene scene;
  SECTION("failing") {
    scene.records.without("mail.example.test", RecordType::caa, LookupOutcome::failed);
  }
  SECTION("malformed") {
    scene.records.add("mail.example.test", RecordType::caa, "x");
  }
  scene.records.caa("example.test", "issue", "ca.test");
  const auto answer = scene.caa();
  CHECK(answer.status == Caa::Status::lookup_failed);
  CHECK(answer.records.empty());
  CHECK(answer.detail.find("mail.example.test") != std::string::npos);
}
