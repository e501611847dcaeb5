#include "mail/delivery_status.h"

#include "support/catch2.h"

using namespace mailcheck;

namespace {

mail::RecipientStatus one(std::string_view fields) {
  const auto recipients = mail::parse_delivery_status(fields);
  REQUIRE(recipients.size() == 1);
  return recipients.front();
}

}  // namespace

TEST_CASE("each group with a recipient or an action is one recipient") {
  const auto recipients = mail::parse_delivery_status(
      "Reporting-MTA: dns; a\n\n\nFinal-Recipient: rfc822; a@b\nAction: failed\n\nAction: Delayed\n\nX-Other: 1\n");
  REQUIRE(recipients.size() == 2);
  CHECK(recipients[0].recipient == "a@b");
  CHECK(recipients[1].action == "delayed");
  CHECK(mail::parse_delivery_status("").empty());
  CHECK(mail::parse_delivery_status("\n\n\n").empty());
}

TEST_CASE("fields lose their type, brackets and comments") {
  const auto status =
      one("Final-Recipient: RFC822;<a;b@c>\nAction: Failed (bounce)\nStatus: 5.1.1 (bad)\n"
          "Remote-MTA: dns; mx.example.net. (192.0.2.25)\nDiagnostic-Code: smtp;\n 550 5.1.1 no: such; user\n"
          "Will-Retry-Until: Sun, 19 Nov 2023 22:13:20 +0000\n");
  CHECK(status.recipient == "a;b@c");
  CHECK(status.action == "failed");
  CHECK(status.status == "5.1.1");
  CHECK(status.remote_host == "mx.example.net");
  CHECK(status.reply == "550 5.1.1 no: such; user");
  CHECK(status.retry_until == "Sun, 19 Nov 2023 22:13:20 +0000");
}

TEST_CASE("the original recipient is named where the final one is not") {
  CHECK(one("Original-Recipient: rfc822; a@b\nAction: failed\n").recipient == "a@b");
  CHECK(one("Original-Recipient: rfc822; a@b\nFinal-Recipient: utf-8; c@d\n").recipient == "c@d");
}

TEST_CASE("values without a type stay whole") {
  const auto status = one("Final-Recipient: a@b;c\nDiagnostic-Code: 550 5.1.1 no; really\nAction: failed\n");
  CHECK(status.recipient == "a@b;c");
  CHECK(status.reply == "550 5.1.1 no; really");
}

TEST_CASE("a vague status gives way to that of the reply, if the classes agree") {
  CHECK(one("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 x\n").status == "5.1.1");
  CHECK(one("Action: failed\nDiagnostic-Code: smtp; 550 5.1.1 x\n").status == "5.1.1");
  CHECK(one("Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 450 4.7.1 x\n").status == "4.4.7");
  CHECK(one("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 450 4.7.1 x\n").status == "5.0.0");
  CHECK(one("Action: failed\nStatus: nonsense\n").status.empty());
}

TEST_CASE("a program's exit code is no reply") {
  CHECK(one("Action: failed\nDiagnostic-Code: x-unix; 77\n").reply.empty());
}
