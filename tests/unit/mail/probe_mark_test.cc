#include "mail/probe_mark.h"

#include <fmt/format.h>

#include "support/catch2.h"

using namespace mailcheck;
using mail::HeaderSection;

namespace {

constexpr std::string_view kCheck = "fedcba9876543210";
constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kValue = "id=fedcba9876543210; token=0123456789abcdef0123456789abcdef; sent=1700000000";
constexpr std::string_view kId = "<0123456789abcdef0123456789abcdef.fedcba9876543210@example.org>";

mail::ProbeMark mark() {
  return {std::string(kCheck), std::string(kToken), base::WallTime(std::chrono::seconds(1'700'000'000))};
}

std::string field(std::string_view name, std::string_view value) {
  return fmt::format("{}: {}\r\n", name, value);
}

bool is_own(const std::string& header) {
  return mail::own_mark(HeaderSection::parse(header + "\r\n"), kCheck, "example.org").has_value();
}

}  // namespace

TEST_CASE("a mark is written as two header fields") {
  CHECK(mail::header_value(mark()) == kValue);
  CHECK("<" + mail::message_id(mark(), "example.org") + ">" == kId);
}

TEST_CASE("a mark is read only from what would be written") {
  CHECK(mail::parse_probe_mark(kValue) == mark());
  for (const std::string_view sent : {"0", "1", "253402300799"}) {
    CHECK(mail::parse_probe_mark(fmt::format("id={}; token={}; sent={}", kCheck, kToken, sent)));
  }
  for (const std::string_view sent : {"", "-1", "+1", "01", "00", "1 ", " 1", "1.0", "253402300800",
                                      "18446744073709551616", "1; x=1", "1\n", "0x1"}) {
    CHECK_FALSE(mail::parse_probe_mark(fmt::format("id={}; token={}; sent={}", kCheck, kToken, sent)));
  }
  for (const std::string value :
       {"", "id=", "id=fedcba9876543210", "id=fedcba9876543210; token=0123456789abcdef0123456789abcdef",
        "id=FEDCBA9876543210; token=0123456789abcdef0123456789abcdef; sent=1",
        "id=fedcba9876543210; token=0123456789ABCDEF0123456789abcdef; sent=1",
        "id=fedcba987654321; token=0123456789abcdef0123456789abcdef; sent=1",
        "id=fedcba98765432100; token=0123456789abcdef0123456789abcdef; sent=1",
        "id=fedcba9876543210; token=0123456789abcdef0123456789abcde; sent=1",
        "id=gedcba9876543210; token=0123456789abcdef0123456789abcdef; sent=1",
        "id=fedcba9876543210;token=0123456789abcdef0123456789abcdef; sent=1",
        "token=0123456789abcdef0123456789abcdef; id=fedcba9876543210; sent=1",
        " id=fedcba9876543210; token=0123456789abcdef0123456789abcdef; sent=1",
        "Id=fedcba9876543210; token=0123456789abcdef0123456789abcdef; sent=1"})
    CHECK_FALSE(mail::parse_probe_mark(value));
}

TEST_CASE("a message is ours with exactly our two fields") {
  const std::string id = field("Message-ID", kId);
  const std::string ours = field("X-Mailcheck-Roundtrip", kValue);
  CHECK(is_own(ours + id));
  CHECK(is_own(field("message-id", kId) + field("x-mailcheck-roundtrip", kValue)));
  CHECK(mail::own_mark(HeaderSection::parse(ours + id), kCheck, "example.org") == mark());
  CHECK_FALSE(is_own(ours));
  CHECK_FALSE(is_own(id));
  CHECK_FALSE(is_own(ours + ours + id));
  CHECK_FALSE(is_own(ours + id + id));
  CHECK_FALSE(is_own(ours + id + field("Message-ID", "<other@example.org>")));
  CHECK_FALSE(is_own(ours + id + field("X-Mailcheck-Roundtrip", "unreadable")));
  CHECK_FALSE(mail::own_mark(HeaderSection::parse(ours + id), "0000000000000000", "example.org"));
  CHECK_FALSE(mail::own_mark(HeaderSection::parse(ours + id), kCheck, "EXAMPLE.org"));
  CHECK_FALSE(mail::own_mark(HeaderSection::parse(ours + id), kCheck, "example.com"));
}

TEST_CASE("a Message-ID that is not the mark's makes the message foreign") {
  const std::string ours = field("X-Mailcheck-Roundtrip", kValue);
  for (const std::string_view id : {"<1123456789abcdef0123456789abcdef.fedcba9876543210@example.org>",
                                    "<0123456789abcdef0123456789abcdef.fedcba9876543210@example.org> (x)",
                                    "0123456789abcdef0123456789abcdef.fedcba9876543210@example.org",
                                    "<0123456789abcdef0123456789abcdef.fedcba9876543210@example.org.evil>",
                                    "<0123456789abcdef0123456789abcdef@example.org>"}) {
    CHECK_FALSE(is_own(ours + field("Message-ID", id)));
  }
}

TEST_CASE("what only quotes the token is never ours") {
  CHECK_FALSE(is_own(field("Subject", "Re: Mail check 0123456789abcdef0123456789abcdef") + field("In-Reply-To", kId) +
                     field("References", kId) + field("Message-ID", "<reply@example.net>")));
  CHECK_FALSE(is_own(field("Message-ID", "<reply@example.net>") + "\r\n" + field("Message-ID", kId) +
                     field("X-Mailcheck-Roundtrip", kValue)));
  CHECK_FALSE(
      is_own(field("X-Other", "\r\n X-Mailcheck-Roundtrip: " + std::string(kValue)) + field("Message-ID", kId)));
}

TEST_CASE("fields that a server has folded are still ours") {
  CHECK(
      is_own("X-Mailcheck-Roundtrip: id=fedcba9876543210;\r\n\ttoken=0123456789abcdef0123456789abcdef;\r\n"
             " sent=1700000000\r\nMessage-ID:\r\n\t" +
             std::string(kId) + "\r\n"));
  CHECK_FALSE(
      is_own("X-Mailcheck-Roundtrip: id=fedcba9876543210;\r\n  token=0123456789abcdef0123456789abcdef;\r\n"
             " sent=1700000000\r\nMessage-ID: " +
             std::string(kId) + "\r\n"));
}

TEST_CASE("all readable marks of a header are told") {
  const auto header =
      HeaderSection::parse(field("X-Mailcheck-Roundtrip", "unreadable") + field("X-Mailcheck-Roundtrip", kValue));
  CHECK(mail::probe_marks(header) == std::vector<mail::ProbeMark>{mark()});
}
