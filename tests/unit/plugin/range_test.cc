#include "plugin/range.h"

#include <array>
#include <limits>
#include <regex>
#include <vector>

#include "base/number.h"
#include "support/catch2.h"

using namespace mailcheck::plugin;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Printed {
  const char* text;
  const char* canonical;
  const char* perfdata;
};

const Printed kPrinted[] = {
    {"10", ":10", "10"},
    {":10", ":10", "10"},
    {"0:10", ":10", "10"},
    {"-0:10", ":10", "10"},
    {"-0", ":0", "0"},
    {"-5:-0", "-5:0", "-5:0"},
    {"10:", "10:", "10:"},
    {"10:20", "10:20", "10:20"},
    {"10:10", "10:10", "10:10"},
    {"~:10", "~:10", "~:10"},
    {"~:", "~:", "~:"},
    {":", "0:", "0:"},
    {"0:", "0:", "0:"},
    {"0", ":0", "0"},
    {"@10", "@:10", "@:10"},
    {"@10:20", "@10:20", "@10:20"},
    {"@~:5", "@~:5", "@~:5"},
    {"@:", "@0:", "@0:"},
    {"@10:", "@10:", "@10:"},
    {"-10:-2", "-10:-2", "-10:-2"},
    {"~:-5", "~:-5", "~:-5"},
    {"-5:", "-5:", "-5:"},
    {"-5:0", "-5:0", "-5:0"},
    {"+5", ":5", "5"},
    {".5", ":0.5", "0.5"},
    {"0.250", ":0.25", "0.25"},
    {"007", ":7", "7"},
    {"0.0000001:0.0000002", "0.0000001:0.0000002", "0.0000001:0.0000002"},
    {"0.1:0.30000000000000004", "0.1:0.30000000000000004", "0.1:0.30000000000000004"},
    {"123456789012.125", ":123456789012.125", "123456789012.125"},
    {"1000000000000000000000", ":1000000000000000000000", "1000000000000000000000"},
};

const char* const kRefused[] = {
    "",    "@",   "500ms", "5s",   "1,5", "abc",   "10:20:30", "2:1",   "-5",   "-0.1",  "@-5",  "~",    "@~", "5:~",
    "~:~", "inf", "nan",   ":inf", "1e3", "0x10",  " 5",       "5 ",    "5: 6", "@@5",   "5@",   "10::", "::", "-",
    ".",   ":.",  "5.",    "--5",  "5:-", "1.2.3", "10%",      "-1:-2", "5\n",  "10-20", "~5:6", ":-1",  "٣",  "U",
};

}  // namespace

TEST_CASE("a range reads back from its canonical text, and from its perfdata, as the same range") {
  for (const Printed& row : kPrinted) {
    CAPTURE(row.text);
    const auto range = Range::parse(row.text);
    REQUIRE(range.has_value());
    CHECK(range->print() == row.canonical);
    CHECK(range->print_perfdata() == row.perfdata);
    CHECK(Range::parse(range->print()) == range);
    CHECK(Range::parse(range->print_perfdata()) == range);
  }
}

TEST_CASE("what is not a range is refused with the text and what was expected") {
  for (const char* bad : kRefused) {
    CAPTURE(bad);
    const auto range = Range::parse(bad);
    REQUIRE_FALSE(range.has_value());
    CHECK(range.error().find("'" + std::string(bad) + "'") == 0);
    CHECK(range.error().find("expected") != std::string::npos);
  }
}

TEST_CASE("a NUL byte, numbers past a double's reach and very long text are refused") {
  CHECK_FALSE(Range::parse(std::string_view("5\0", 2)).has_value());
  CHECK_FALSE(Range::parse(std::string(400, '9')).has_value());
  const auto range = Range::parse(std::string(100000, 'x'));
  REQUIRE_FALSE(range.has_value());
  CHECK(range.error().size() < 250);
}

TEST_CASE("a lone negative end is refused with the way to write it") {
  CHECK(Range::parse("-5").error() ==
        "'-5' is a lone end below 0, where the range starts; expected a start too, for example -10:-5 or ~:-5");
  CHECK(Range::parse("2:1").error() == "'2:1' starts above its end; expected the smaller number first");
}

TEST_CASE("end points belong to the range, and @ turns it round") {
  struct Case {
    const char* text;
    double value;
    bool alerts;
  };
  const Case table[] = {
      {"10", -0.001, true},  {"10", 0, false},       {"10", 10, false},       {"10", 10.001, true},
      {"10:", 9.999, true},  {"10:", 10, false},     {"10:", 1e300, false},   {"~:10", -1e300, false},
      {"~:10", 10, false},   {"~:10", 10.001, true}, {"10:20", 9.9, true},    {"10:20", 10, false},
      {"10:20", 20, false},  {"10:20", 20.1, true},  {"@10:20", 9.9, false},  {"@10:20", 10, true},
      {"@10:20", 15, true},  {"@10:20", 20, true},   {"@10:20", 20.1, false}, {"@5", 0, true},
      {"@5", 5, true},       {"@5", 5.1, false},     {":", -1, true},         {":", 0, false},
      {"~:", -1e300, false}, {"@~:", 0, true},       {"-10:-2", -2, false},   {"-10:-2", 0, true},
      {"0", 0, false},       {"0", 1, true},         {"-0:1", -0.0, false},   {"0.1", 0.1, false},
  };
  for (const Case& row : table) {
    CAPTURE(row.text, row.value);
    CHECK(Range::parse(row.text)->alerts(row.value) == row.alerts);
  }
}

TEST_CASE("at_least is the range that alerts below a number") {
  CHECK(Range::at_least(21) == *Range::parse("21:"));
  CHECK(Range::at_least(21).alerts(20.9));
  CHECK_FALSE(Range::at_least(21).alerts(21));
  CHECK(Range::at_least(0.0) == *Range::parse(":"));
}

namespace {

// The guideline's grammar, written a second time, for the comparison below.
bool is_range_by_guideline(const std::string& text) {
  static const std::regex kGrammar(R"(@?(?:(~|[-+]?(?:\d+(?:\.\d+)?|\.\d+))?(:))?([-+]?(?:\d+(?:\.\d+)?|\.\d+))?)");
  std::smatch match;
  if (!std::regex_match(text, match, kGrammar)) return false;
  if (!match[2].matched && !match[3].matched) return false;
  const auto value = [](const std::string& digits) { return *mailcheck::base::parse_decimal(digits); };
  const double start = match[1].str() == "~" ? -kInfinity : match[1].matched ? value(match[1].str()) : 0;
  const double end = match[3].matched ? value(match[3].str()) : kInfinity;
  return start <= end;
}

}  // namespace

TEST_CASE("of all texts of up to five characters exactly those of the guideline are ranges, and each round-trips") {
  constexpr std::string_view kAlphabet = "@~:-.15e";
  std::vector<std::string> texts{""};
  std::size_t accepted = 0;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string text = texts[i];
    const auto range = Range::parse(text);
    const bool is_right =
        range.has_value() == is_range_by_guideline(text) &&
        (!range || (Range::parse(range->print()) == range && Range::parse(range->print())->print() == range->print() &&
                    Range::parse(range->print_perfdata()) == range));
    if (!is_right) UNSCOPED_INFO("wrong: '" << text << "'");
    wrong += is_right ? 0U : 1U;
    accepted += range ? 1U : 0U;
    if (text.size() < 5) {
      for (const char character : kAlphabet) texts.push_back(text + character);
    }
  }
  CHECK(wrong == 0);
  CHECK(texts.size() == 37449);
  CHECK(accepted > 500);
}
