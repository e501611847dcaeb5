#include "ledger/outstanding.h"

#include <chrono>
#include <string>

#include "ledger/atomic_file.h"
#include "tests/support/catch2.h"

using namespace mailcheck;
using ledger::Document;
using ledger::FolderMark;
using ledger::Outcome;
using ledger::Outstanding;

namespace {

const std::string kId = "0123456789abcdef";
constexpr base::WallTime kSent = std::chrono::sys_days(std::chrono::year(2026) / 6 / 15);

std::string token(std::size_t number) {
  std::string digits = std::to_string(number);
  return std::string(32 - digits.size(), 'a') + digits;
}

Document one_entry() {
  return {.outstanding = {{.token = token(1),
                           .sent = kSent,
                           .outcome = Outcome::sending,
                           .reports_left = 0,
                           .marks = {{.mailbox = "INBOX", .uid_validity = 7, .uid_next = 42}}}},
          .first_greylisted = std::nullopt};
}

const std::string kOneEntry =
    R"({"format":"mailcheck-roundtrip","version":1,"check":"0123456789abcdef","outstanding":[)"
    R"({"token":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1","sent":1781481600,"outcome":"sending","reports_left":0,"marks":[)"
    R"({"mailbox":"INBOX","uid_validity":7,"uid_next":42}]}]})"
    "\n";

bool is_kept(const Document& document) {
  return ledger::read(ledger::write(document, kId), kId) == document;
}

std::string replaced(std::string text, const std::string& part, const std::string& other) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), other);
}

}  // namespace

TEST_CASE("a document is JSON of this form") {
  CHECK(ledger::write(one_entry(), kId) == kOneEntry);
  CHECK(ledger::read(kOneEntry, kId) == one_entry());
  CHECK(ledger::write({}, kId) ==
        R"({"format":"mailcheck-roundtrip","version":1,"check":"0123456789abcdef","outstanding":[]})"
        "\n");
  CHECK(is_kept({}));
}

TEST_CASE("everything that is written is read again") {
  Document document = one_entry();
  document.first_greylisted = kSent;
  const auto outcomes = {Outcome::sending, Outcome::accepted, Outcome::unknown, Outcome::lost};
  for (const Outcome outcome : outcomes) {
    document.outstanding.push_back({.token = token(document.outstanding.size() + 1),
                                    .sent = kSent + std::chrono::seconds(1),
                                    .outcome = outcome,
                                    .reports_left = 3,
                                    .marks = {{"Junk", UINT64_MAX, UINT64_MAX}, {"Entw&APw-rfe", 0, 0}}});
  }
  CHECK(is_kept(document));
}

TEST_CASE("the name of a mailbox may hold any bytes") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const std::string& name : {all, std::string("100%"), std::string("%41"), std::string("\xff\xfe"),
                                  std::string("a\"b\\c"), std::string("\xc3\xa4"), std::string(1, '\0')}) {
    Document document = one_entry();
    document.outstanding[0].marks[0].mailbox = name;
    CHECK(is_kept(document));
  }
  CHECK_FALSE(ledger::read(replaced(kOneEntry, "INBOX", ""), kId));
}

TEST_CASE("an escape that write would not make is refused") {
  for (const std::string escape : {"%", "%4", "%4g", "%ff", "%41", "\\u0041", "\xff", "\xc3\xa4", "\\u0000", "a\tb"}) {
    CAPTURE(escape);
    CHECK_FALSE(ledger::read(replaced(kOneEntry, "INBOX", "IN" + escape), kId));
  }
  CHECK(ledger::read(replaced(kOneEntry, "INBOX", "IN%FF"), kId));
}

TEST_CASE("a document cut anywhere, or with a byte more, is refused") {
  for (std::size_t size = 0; size < kOneEntry.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(ledger::read(kOneEntry.substr(0, size), kId));
  }
  for (const std::string more : {" ", "\n", "{}"}) CHECK_FALSE(ledger::read(kOneEntry + more, kId));
  CHECK_FALSE(ledger::read(kOneEntry + std::string(1, '\0'), kId));
  CHECK_FALSE(ledger::read("\xef\xbb\xbf" + kOneEntry, kId));
}

TEST_CASE("no change of a single byte is taken for damage that can be repaired") {
  // What is read is always what write makes: a changed digit is a changed number, everything else is refused.
  for (std::size_t at = 0; at < kOneEntry.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = kOneEntry;
      text[at] = static_cast<char>(byte);
      const auto document = ledger::read(text, kId);
      if (document && ledger::write(*document, kId) != text) FAIL_CHECK("byte " << byte << " at " << at);
    }
  }
}

TEST_CASE("other formats, versions and checks, and members that are unknown, missing, doubled or of another type") {
  const std::pair<std::string, std::string> changes[] = {
      {"mailcheck-roundtrip", "something-else"},
      {R"("version":1)", R"("version":2)"},
      {R"("version":1)", R"("version":"1")"},
      {R"("version":1)", R"("version":1.0)"},
      {"0123456789abcdef", "0123456789abcdee"},
      {"0123456789abcdef", "0123456789ABCDEF"},
      {R"("version":1,)", ""},
      {R"("version":1,)", R"("version":1,"version":1,)"},
      {R"("version":1,)", R"("version":1,"extra":1,)"},
      {R"("version":1,)", R"("version": 1,)"},
      {R"("outstanding":[)", R"("first_greylisted":null,"outstanding":[)"},
      {R"("outstanding":[)", R"("first_greylisted":"1781481600","outstanding":[)"},
      {R"("outstanding":[)", R"("first_greylisted":-1,"outstanding":[)"},
      {R"("sent":1781481600)", R"("sent":1781481600.0)"},
      {R"("sent":1781481600)", R"("sent":17814816e2)"},
      {R"("sent":1781481600)", R"("sent":-1781481600)"},
      {R"("sent":1781481600)", R"("sent":true)"},
      {R"("outcome":"sending")", R"("outcome":"Sending")"},
      {R"("outcome":"sending")", R"("outcome":"")"},
      {R"("outcome":"sending")", R"("outcome":0)"},
      {R"("reports_left":0)", R"("reports_left":1001)"},
      {R"("reports_left":0)", R"("reports_left":4294967296)"},
      {R"("reports_left":0)", R"("reports_left":-0)"},
      {R"("uid_next":42)", R"("uid_next":null)"},
      {R"("uid_next":42)", R"("uid_next":18446744073709551616)"},
      {R"("uid_next":42)", R"("uid_next":042)"},
      {R"("INBOX")", "7"},
      {R"("INBOX")", R"(["INBOX"])"},
      {R"([{"mailbox")", R"([[],{"mailbox")"},
      {R"([{"token")", R"([null,{"token")"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa11"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\u0061"},
  };
  for (const auto& [part, other] : changes) {
    CAPTURE(part, other);
    CHECK_FALSE(ledger::read(replaced(kOneEntry, part, other), kId));
  }
}

TEST_CASE("what is no document at all is refused without harm") {
  for (const std::string text : {"", "null", "[]", "{}", "\"text\"", "1", "{\"outstanding\":{}}", "\xff\xfe\x00"}) {
    CAPTURE(text);
    CHECK_FALSE(ledger::read(text, kId));
  }
  CHECK_FALSE(ledger::read(std::string(ledger::kMaximumFileSize, '['), kId));
  std::string deep;
  while (deep.size() < ledger::kMaximumFileSize) deep += "{\"a\":";
  CHECK_FALSE(ledger::read(deep, kId));
  const std::string half(ledger::kMaximumFileSize / 2, '[');
  CHECK_FALSE(ledger::read(half + std::string(half.size(), ']'), kId));
}

TEST_CASE("times are plausible") {
  const auto with_time = [](base::WallTime sent, base::WallTime greylisted) {
    Document document = one_entry();
    document.outstanding[0].sent = sent;
    document.first_greylisted = greylisted;
    return document;
  };
  const base::WallTime first = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  const base::WallTime end = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);
  const auto second = std::chrono::seconds(1);
  CHECK(is_kept(with_time(first, end - second)));
  CHECK(is_kept(with_time(end - second, first)));
  for (const base::WallTime odd :
       {first - second, end, base::WallTime{}, base::WallTime{-second}, base::WallTime::max(), base::WallTime::min()}) {
    CHECK_FALSE(ledger::read(ledger::write(with_time(odd, kSent), kId), kId));
    CHECK_FALSE(ledger::read(ledger::write(with_time(kSent, odd), kId), kId));
  }
}

TEST_CASE("the numbers of messages, marks and reports are limited, and tokens are not doubled") {
  Document document;
  for (std::size_t number = 0; number < ledger::kMaximumOutstanding; ++number) {
    document.outstanding.push_back({.token = token(number),
                                    .sent = kSent,
                                    .outcome = Outcome::accepted,
                                    .reports_left = ledger::kMaximumReports,
                                    .marks = {{"INBOX", 1781481600, 123456}}});
  }
  CHECK(is_kept(document));
  CHECK(ledger::write(document, kId).size() <= ledger::kMaximumFileSize);
  document.outstanding.back().reports_left = ledger::kMaximumReports + 1;
  CHECK_FALSE(is_kept(document));
  document.outstanding.back() = document.outstanding.front();
  CHECK_FALSE(is_kept(document));
  document.outstanding.back().token = token(5000);
  CHECK(is_kept(document));
  document.outstanding.push_back(document.outstanding.back());
  document.outstanding.back().token = token(5001);
  CHECK_FALSE(is_kept(document));

  document = one_entry();
  document.outstanding[0].marks.assign(ledger::kMaximumMarks, {"INBOX", 1, 1});
  CHECK(is_kept(document));
  document.outstanding[0].marks.push_back({"INBOX", 1, 1});
  CHECK_FALSE(is_kept(document));
}

TEST_CASE("whatever a document holds, writing it does not throw") {
  Document document = one_entry();
  document.outstanding[0].token = "\xff\"\n";
  document.outstanding[0].outcome = static_cast<Outcome>(9);
  CHECK_FALSE(ledger::read(ledger::write(document, kId), kId));
  CHECK_FALSE(ledger::read(ledger::write({}, "\xff"), kId));
}

TEST_CASE("an id of a check is 16 lower-case hexadecimal digits") {
  CHECK(ledger::is_check_id(kId));
  for (const std::string text :
       {"", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", "../../../etc/pass"}) {
    CHECK_FALSE(ledger::is_check_id(text));
  }
}
