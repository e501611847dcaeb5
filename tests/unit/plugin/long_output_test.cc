// The sections of long output, each by itself; render_test.cc has them together.
#include "plugin/long_output.h"

#include "example_report.h"
#include "support/catch2.h"

using namespace mailcheck::plugin;
using namespace mailcheck::test;

TEST_CASE("columns are characters, not bytes") {
  CHECK(columns("") == 0);
  CHECK(columns("abc") == 3);
  CHECK(columns("Entw\xc3\xbcrfe") == 8);
  CHECK(columns("\xf0\x9f\x93\xab") == 1);
}

TEST_CASE("findings that are OK are notes, shown from verbosity 2 on") {
  const std::vector<Finding> findings = {{.name = "alert", .status = Status::ok, .text = "alert: read me"},
                                         {.name = "expired", .status = Status::critical, .text = "it ended"}};
  CHECK(finding_list(findings, 1) == "findings:\n  [CRITICAL] expired: it ended\n");
  CHECK(finding_list(findings, 2) == "findings:\n  [CRITICAL] expired: it ended\n  [OK] alert: read me\n");
  CHECK(finding_list({findings[0]}, 1).empty());
}

TEST_CASE("a finding is named once, and its hint stands below it") {
  CHECK(finding_list({{.name = "dns", .status = Status::warning, .text = "dns: no such name", .hint = "check it"}},
                     1) == "findings:\n  [WARNING] dns: no such name\n    hint: check it\n");
}

TEST_CASE("lines break at spaces before column 80, and words that are longer stay whole") {
  const std::string word(70, 'w');
  CHECK(fact_list({{"a", word + " " + word}}) == "facts:\n  a: " + word + "\n    " + word + "\n");
  const std::string long_word(200, 'w');
  CHECK(fact_list({{"a", long_word}}) == "facts:\n  a:\n    " + long_word + "\n");
  const std::string fits(79 - 5, 'w');  // behind "  a: "
  CHECK(fact_list({{"a", fits}}) == "facts:\n  a: " + fits + "\n");
  CHECK(fact_list({{"a", fits + "w"}}) == "facts:\n  a:\n    " + fits + "w\n");
}

TEST_CASE("facts of every kind read as words") {
  CHECK(fact_list({{"a", true},
                   {"b", false},
                   {"c", 4711.0},
                   {"d", 0.25},
                   {"e", std::string("text")},
                   {"f", std::vector<std::string>{"x", "y"}},
                   {"g", std::vector<std::string>{}}}) ==
        "facts:\n  a: yes\n  b: no\n  c: 4711\n  d: 0.25\n  e: text\n  f: x, y\n  g:\n");
  CHECK(fact_list({}).empty());
}

TEST_CASE("values that hold a comma themselves are told apart by semicolons") {
  const std::vector<std::string> names = {"CN=a, O=b", "CN=c"};
  CHECK(fact_list({{"a", names}}) == "facts:\n  a: CN=a, O=b; CN=c\n");
  CHECK(fact_list({{"a", std::vector<std::string>{"1,5", "2"}}}) == "facts:\n  a: 1,5, 2\n");
  CHECK(fact_list({{"a", std::vector<std::string>{"x, y"}}}) == "facts:\n  a: x, y\n");
}

TEST_CASE("findings stand worst first, and of one state in the order found") {
  const std::vector<Finding> findings = {{.name = "note", .status = Status::ok, .text = "note"},
                                         {.name = "minor", .status = Status::warning, .text = "minor"},
                                         {.name = "strange", .status = Status::unknown, .text = "strange"},
                                         {.name = "first", .status = Status::critical, .text = "first"},
                                         {.name = "second", .status = Status::critical, .text = "second"}};
  CHECK(finding_list(findings, 2) ==
        "findings:\n  [CRITICAL] first\n  [CRITICAL] second\n  [WARNING] minor\n  [UNKNOWN] strange\n  [OK] note\n");
}

TEST_CASE("hostile words are cleaned in each section") {
  const std::string bytes(kHostile);
  const std::string clean(kHostileCleaned);
  const std::string all = finding_list({{.name = bytes, .status = Status::critical, .text = bytes, .hint = bytes}}, 1) +
                          fact_list({{bytes, bytes}, {"list", std::vector<std::string>{bytes}}}) +
                          dialogue_list({bytes});
  CHECK(all.find_first_of("<>|\r\t\x1b\xff") == std::string::npos);
  CHECK(dialogue_list({bytes}) == "dialogue:\n  " + clean + "\n");
}

TEST_CASE("a text that is too long is cut") {
  const std::string text = fact_list({{"a", std::string(100000, 'x')}});
  CHECK(text.size() < 2 * kTextLimit);
  CHECK(text.ends_with("...\n"));
}

TEST_CASE("of a long dialogue the first and the last lines are kept") {
  std::vector<std::string> dialogue;
  for (int i = 0; i < 1000; ++i) dialogue.push_back("S: " + std::to_string(i));
  const auto kept = shorten(dialogue);
  REQUIRE(kept.size() == 401);
  CHECK(kept[0] == "S: 0");
  CHECK(kept[199] == "S: 199");
  CHECK(kept[200] == "(600 lines left out)");
  CHECK(kept[201] == "S: 800");
  CHECK(kept[400] == "S: 999");
  dialogue.resize(400);
  CHECK(shorten(dialogue) == dialogue);
  CHECK(shorten({std::string(100000, 'x')})[0].size() == kTextLimit + 3);
}
