#include "imap/search.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_extended_search;
using imap::parse_search;
using imap::SearchCriteria;
using Numbers = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

namespace {

// The chunks of "SEARCH <criteria>".
Texts sent(const SearchCriteria& criteria) {
  imap::Command command;
  command.keyword("SEARCH ");
  criteria.append_to(command);
  Texts texts;
  for (const auto& chunk : std::move(command).finish()) texts.emplace_back(chunk.bytes.expose());
  return texts;
}

}  // namespace

TEST_CASE("criteria are sent as they were written, strings quoted or literal") {
  struct Row {
    std::string_view text;
    Texts chunks;
  };
  const auto row = GENERATE(values<Row>({
      {"UNSEEN", {"SEARCH UNSEEN\r\n"}},
      {"UNSEEN FROM \"backup\"", {"SEARCH UNSEEN FROM \"backup\"\r\n"}},
      {"OR (SEEN SINCE 1-Jan-2026) (NOT DELETED)", {"SEARCH OR (SEEN SINCE 1-Jan-2026) (NOT DELETED)\r\n"}},
      {"UID 1:*", {"SEARCH UID 1:*\r\n"}},
      {"SUBJECT \"\"", {"SEARCH SUBJECT \"\"\r\n"}},
      {R"(SUBJECT "a \"b\" \\ c")", {"SEARCH SUBJECT \"a \\\"b\\\" \\\\ c\"\r\n"}},
      {"SUBJECT \"{10}\"", {"SEARCH SUBJECT \"{10}\"\r\n"}},
      {"SUBJECT \"a) OR (ALL\"", {"SEARCH SUBJECT \"a) OR (ALL\"\r\n"}},
      {"SUBJECT \"x\r\nA9 DELETE INBOX\"", {"SEARCH SUBJECT {18}\r\n", "x\r\nA9 DELETE INBOX\r\n"}},
      {"SUBJECT \"\xc3\xa4\" UNSEEN", {"SEARCH SUBJECT {2}\r\n", "\xc3\xa4 UNSEEN\r\n"}},
  }));
  CAPTURE(row.text);
  const auto criteria = SearchCriteria::parse(row.text);
  REQUIRE(criteria);
  CHECK(sent(*criteria) == row.chunks);
}

TEST_CASE("a charset is needed for strings that are not ASCII") {
  CHECK(SearchCriteria::parse("SUBJECT \"\xc3\xa4\"")->needs_charset());
  CHECK_FALSE(SearchCriteria::parse("SUBJECT \"a\"")->needs_charset());
}

TEST_CASE("criteria of our own are made, not parsed") {
  CHECK(sent(SearchCriteria::deleted()) == Texts{"SEARCH DELETED\r\n"});
  const auto header = SearchCriteria::header_in_range(40, "X-Mailcheck-Roundtrip", "id=\"a\"");
  CHECK(sent(header) == Texts{"SEARCH UID 40:* HEADER X-Mailcheck-Roundtrip \"id=\\\"a\\\"\"\r\n"});
  CHECK_FALSE(header.needs_charset());
  const auto hostile = SearchCriteria::header_in_range(1, "a b", "\xc3\xa4");
  CHECK(sent(hostile) == Texts{"SEARCH UID 1:* HEADER \"a b\" {2}\r\n", "\xc3\xa4\r\n"});
  CHECK(hostile.needs_charset());
}

TEST_CASE("criteria that could become another command, or none, are refused") {
  using namespace std::string_view_literals;
  struct Row {
    std::string_view text;
    std::string_view detail;
  };
  const auto row = GENERATE(values<Row>({
      {"", "search criteria are empty"},
      {"   ", "search criteria are empty"},
      {"FROM \"a", "quote not closed"},
      {"FROM \"a\\", "quote not closed"},
      {"FROM \"a\\\"", "quote not closed"},
      {"(UNSEEN", "parenthesis not closed"},
      {"UNSEEN)", "closing parenthesis without an opening one"},
      {")(", "closing parenthesis without an opening one"},
      {"UNSEEN\r\nA9 DELETE INBOX", "a character that must stand in quotes, or cannot be sent"},
      {"UNSEEN\nA9 LOGOUT", "a character that must stand in quotes, or cannot be sent"},
      {"UNSEEN\r", "a character that must stand in quotes, or cannot be sent"},
      {"SUBJECT {5}\r\nhello", "a character that must stand in quotes, or cannot be sent"},
      {"SUBJECT {5+}", "a character that must stand in quotes, or cannot be sent"},
      {"SUBJECT a{5}", "a character that must stand in quotes, or cannot be sent"},
      {"SUBJECT \xc3\xa4", "a character that must stand in quotes, or cannot be sent"},
      {"SUBJECT a\\b", "a character that must stand in quotes, or cannot be sent"},
      {"A\tB", "a character that must stand in quotes, or cannot be sent"},
      {"A\0B"sv, "a character that must stand in quotes, or cannot be sent"},
      {"SUBJECT \"a\0b\""sv, "a string holds a NUL byte, which cannot be sent"},
      {"A\x7f", "a character that must stand in quotes, or cannot be sent"},
  }));
  CAPTURE(row.text);
  const auto criteria = SearchCriteria::parse(row.text);
  REQUIRE_FALSE(criteria);
  CHECK(criteria.error().kind == base::ErrorKind::local);
  CHECK(criteria.error().detail == row.detail);
}

TEST_CASE("a SEARCH answer is numbers, in any order, with or without a mod-sequence") {
  struct Row {
    std::string_view data;
    Numbers numbers;
  };
  const auto row = GENERATE(values<Row>({{"", {}},
                                         {" ", {}},
                                         {"2 84 882", {2, 84, 882}},
                                         {"882 2 84 ", {882, 2, 84}},
                                         {" 1  2", {1, 2}},
                                         {"2 5 (MODSEQ 917162500)", {2, 5}},
                                         {"(MODSEQ 1)", {}},
                                         {"4294967295", {4294967295}}}));
  CAPTURE(row.data);
  const auto found = parse_search(row.data);
  REQUIRE(found);
  CHECK(found->numbers == row.numbers);
  CHECK(found->count == row.numbers.size());
  CHECK(found->lowest.has_value() == !row.numbers.empty());
  if (found->lowest) {
    CHECK(*found->lowest == *std::min_element(row.numbers.begin(), row.numbers.end()));
    CHECK(*found->highest == *std::max_element(row.numbers.begin(), row.numbers.end()));
  }
}

TEST_CASE("a SEARCH answer with anything else in it is malformed") {
  for (const std::string_view data :
       {"a", "1 a", "1,2", "1:3", "-1", "1 (MODSEQ 5", "\"1\"", "1(MODSEQ 5)x", "{1}\r\n1", "4294967296"}) {
    CAPTURE(data);
    CHECK_FALSE(parse_search(data).has_value());
  }
}

TEST_CASE("an ESEARCH answer is count, lowest and highest, around items that are skipped") {
  struct Row {
    std::string_view data;
    std::uint64_t count;
    std::optional<std::uint64_t> lowest, highest;
  };
  constexpr auto kNone = std::nullopt;
  const auto row =
      GENERATE_COPY(values<Row>({{"(TAG \"A5\") UID COUNT 3 MIN 2 MAX 40", 3, 2, 40},
                                 {"(TAG \"A5\") COUNT 0", 0, kNone, kNone},
                                 {"(TAG \"A5\") UID", 0, kNone, kNone},
                                 {"(TAG \"A5\")", 0, kNone, kNone},
                                 {"", 0, kNone, kNone},
                                 {" count 7", 7, kNone, kNone},
                                 {"(TAG \"A5\") UID ALL 2,10:11 COUNT 3 MODSEQ 917 X (a (b))", 3, kNone, kNone},
                                 {"(TAG {2}\r\nA5) UID MAX 9", 0, kNone, 9}}));
  CAPTURE(row.data);
  const auto found = parse_extended_search(row.data);
  REQUIRE(found);
  CHECK(found->count == row.count);
  CHECK(found->lowest == row.lowest);
  CHECK(found->highest == row.highest);
  CHECK(found->numbers.empty());
}

TEST_CASE("an ESEARCH answer without its values is malformed") {
  for (const std::string_view data :
       {"(TAG \"A5\"", "(TAG \"A5\") COUNT", "(TAG \"A5\") COUNT x", "(TAG \"A5\") MIN -1", "(TAG \"A5\") X",
        "(TAG \"A5\") X (", "(TAG \"A5\") COUNT 1)", "(TAG \"A5\")x", "COUNT 18446744073709551615"}) {
    CAPTURE(data);
    CHECK_FALSE(parse_extended_search(data).has_value());
  }
}
