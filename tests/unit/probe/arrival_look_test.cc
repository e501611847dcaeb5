#include "probe/arrival_look.h"

#include "support/catch2.h"
#include "support/fake_clock.h"
#include "support/fake_records.h"

using namespace mailcheck;
using namespace mailcheck::probe;
using base::ErrorKind;
using mail::Alignment;
using mail::DeliveryReport;

namespace {

ErrorKind class_of_reply(std::string reply, std::string status = {}) {
  DeliveryReport report;
  report.reply = std::move(reply);
  report.status = std::move(status);
  return class_of(report);
}

const std::vector<std::string> kTrusted = {"mx.example.test"};

Arrival read(std::string_view header, dns::RecordSource* records = nullptr) {
  test::FakeClock clock;
  authentication::DomainTree domains(records, base::Deadline(clock, std::chrono::seconds(5)));
  Arrival arrival;
  read_header(header, kTrusted, domains, arrival);
  return arrival;
}

}  // namespace

TEST_CASE("arrival look: the reply in a report has the class that it would have had in answer to RCPT") {
  CHECK(class_of_reply("550 5.1.1 No such user here", "5.1.1") == ErrorKind::unknown_recipient);
  CHECK(class_of_reply("552 5.2.2 Mailbox full", "5.2.2") == ErrorKind::mailbox_full);
  CHECK(class_of_reply("451 4.7.1 Greylisting in action, please come back later") == ErrorKind::greylisted);
  CHECK(class_of_reply("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org") ==
        ErrorKind::blocklisted);
}

TEST_CASE("arrival look: a report without a reply is judged by its status, or not at all") {
  CHECK(class_of_reply("", "5.1.1") == ErrorKind::unknown_recipient);
  CHECK(class_of_reply("", "4.2.2") == ErrorKind::mailbox_full);
  CHECK(class_of_reply("", "") == ErrorKind::permanent);
  CHECK(class_of_reply("the dog ate it", "") == ErrorKind::permanent);
  CHECK(class_of_reply("999 is no code", "") == ErrorKind::permanent);
}

TEST_CASE("arrival look: a report is about a message whose Message-ID or mark it has, whole") {
  const mail::ProbeMark mark{.check = "0123456789abcdef", .token = "00112233445566778899aabbccddeeff", .sent = {}};
  DeliveryReport report;
  CHECK_FALSE(is_about(report, mark, "example.test"));
  report.message_ids = {"x@example.test", mail::message_id(mark, "example.test")};
  CHECK(is_about(report, mark, "example.test"));
  CHECK_FALSE(is_about(report, mark, "example.org"));
  report.message_ids.clear();
  report.marks = {mark};
  CHECK(is_about(report, mark, "example.test"));
  report.marks[0].check = "fedcba9876543210";
  CHECK_FALSE(is_about(report, mark, "example.test"));
}

TEST_CASE("arrival look: authentication counts from trusted servers, with alignment computed here") {
  const Arrival arrival = read(
      "Authentication-Results: mx.example.test; spf=pass smtp.mailfrom=bounce.example.org;\r\n"
      " dkim=pass header.d=example.org header.s=s1; dmarc=fail header.from=example.org\r\n"
      "Authentication-Results: forged.example.net; dkim=pass header.d=example.net\r\n"
      "From: Probe <probe@example.org>\r\n\r\n");
  CHECK(arrival.has_header);
  const ArrivalAuthentication& authentication = arrival.authentication;
  CHECK(authentication.from_domain == "example.org");
  CHECK(authentication.alignment.dkim == Alignment::strict);
  CHECK(authentication.alignment.spf == Alignment::relaxed);
  CHECK(authentication.results.dmarc->result == "fail");
  CHECK(authentication.organizational_domain.method == authentication::Method::public_suffix_list);
  CHECK_FALSE(authentication.dmarc_policy);
  CHECK(authentication.results.untrusted_ids == std::vector<std::string>{"forged.example.net"});
}

TEST_CASE("arrival look: an empty header is one that was not read") {
  CHECK_FALSE(read("").has_header);
}
