#include "plugin/metric.h"

#include <unistd.h>

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <locale>

#include "support/catch2.h"

using namespace mailcheck::plugin;

namespace {

Range range(const char* text) {
  return *Range::parse(text);
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("seconds have six decimals always, other numbers the shortest text") {
  CHECK(print({.label = "dns", .value = 0.0004, .unit = Unit::seconds}) == "dns=0.000400s");
  CHECK(print({.label = "total", .value = 12, .unit = Unit::seconds}) == "total=12.000000s");
  CHECK(print({.label = "messages", .value = 12}) == "messages=12");
  CHECK(print({.label = "cert_days", .value = 41.5}) == "cert_days=41.5");
  CHECK(print({.label = "quota_storage", .value = 91, .unit = Unit::percent}) == "quota_storage=91%");
  CHECK(print({.label = "quota_storage_bytes", .value = 1099511627776, .unit = Unit::bytes}) ==
        "quota_storage_bytes=1099511627776B");
}

TEST_CASE("what a number is about is no perfdata") {
  CHECK(print({.label = "cert_days", .value = 3, .about = "the certificate | of mail.example.test"}) == "cert_days=3");
}

TEST_CASE("no value is printed with an exponent or as minus zero") {
  CHECK(print({.label = "a", .value = 1e15}) == "a=1000000000000000");
  CHECK(print({.label = "a", .value = 1e-9, .unit = Unit::seconds}) == "a=0.000000s");
  CHECK(print({.label = "a", .value = -1e-9, .unit = Unit::seconds}) == "a=0.000000s");
  CHECK(print({.label = "a", .value = -1e-9}) == "a=0");
  CHECK(print({.label = "a", .value = -2.5}) == "a=-2.5");
  CHECK(print({.label = "a", .value = 1e300}).find('e') == std::string::npos);
}

TEST_CASE("what could not be measured is absent: no U, no inf, no nan, no zero") {
  for (const double value : {kNan, kInfinity, -kInfinity}) {
    CHECK(print({.label = "a", .value = value, .unit = Unit::seconds}).empty());
  }
  CHECK(print({.label = "a", .value = 1, .minimum = kNan, .maximum = kInfinity}) == "a=1");
}

TEST_CASE("the fields stand in their places and trailing semicolons are dropped") {
  const Limits both{.warning = range("5"), .critical = range("10")};
  CHECK(print({.label = "a", .value = 1, .limits = both, .minimum = 0, .maximum = 20}) == "a=1;5;10;0;20");
  CHECK(print({.label = "a", .value = 1, .limits = both}) == "a=1;5;10");
  CHECK(print({.label = "a", .value = 1, .limits = {.warning = range("5")}}) == "a=1;5");
  CHECK(print({.label = "a", .value = 1, .limits = {.critical = range("10")}}) == "a=1;;10");
  CHECK(print({.label = "a", .value = 1, .minimum = 0}) == "a=1;;;0");
  CHECK(print({.label = "a", .value = 1, .maximum = 2.5}) == "a=1;;;;2.5");
}

TEST_CASE("limits are bare numbers where Icinga would drop the range, and guideline ranges otherwise") {
  const Limits from_zero{.warning = range("0:5"), .critical = range(":7.5")};
  CHECK(print({.label = "a", .value = 1, .unit = Unit::seconds, .limits = from_zero}) == "a=1.000000s;5;7.5");
  const Limits others{.warning = range("~:5"), .critical = range("@10:20")};
  CHECK(print({.label = "a", .value = 1, .limits = others}) == "a=1;~:5;@10:20");
}

TEST_CASE("percent has no minimum and maximum") {
  CHECK(print({.label = "q", .value = 91, .unit = Unit::percent, .minimum = 0, .maximum = 100}) == "q=91%");
  CHECK(print({.label = "q", .value = 91, .unit = Unit::percent, .limits = {.critical = range("90")}, .minimum = 0}) ==
        "q=91%;;90");
}

TEST_CASE("a label is quoted for a space only, and cannot break the line") {
  CHECK(print({.label = "time to first byte", .value = 1}) == "'time to first byte'=1");
  CHECK(print({.label = "smtp_tls", .value = 1}) == "smtp_tls=1");
  CHECK(print({.label = "it's", .value = 1}) == "it_s=1");
  CHECK(print({.label = "a=b", .value = 1}) == "a_b=1");
  CHECK(print({.label = "a|b;c\"d", .value = 1}) == "a_b_c_d=1");
  CHECK(print({.label = "a::b", .value = 1}) == "a__b=1");
  CHECK(print({.label = "a:::b", .value = 1}) == "a__:b=1");
  CHECK(print({.label = "a\nb\tc\x7f", .value = 1}) == "a_b_c_=1");
  CHECK(print({.label = "caf\xc3\xa9<b>", .value = 1}) == "caf___b_=1");
  CHECK(print({.label = "", .value = 1}) == "_=1");
}

namespace {

// Some hosts have no other locale than C; where localedef is there, one is made for this test.
bool set_german_numbers(const std::filesystem::path& folder) {
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"}) {
    if (std::setlocale(LC_NUMERIC, name) != nullptr) return true;
  }
  std::filesystem::create_directories(folder);
  const std::string command = "localedef -i de_DE -f ISO-8859-1 " + (folder / "de_DE").string() + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) return false;
  ::setenv("LOCPATH", folder.c_str(), 1);
  const bool is_set = std::setlocale(LC_NUMERIC, "de_DE") != nullptr;
  ::unsetenv("LOCPATH");
  return is_set;
}

class Comma : public std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

}  // namespace

TEST_CASE("the decimal separator is a point in every locale") {
  const auto folder = std::filesystem::temp_directory_path() / ("mailcheck-locale-" + std::to_string(::getpid()));
  const bool is_german = set_german_numbers(folder);
  const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
  if (is_german) {
    CHECK(std::string(std::localeconv()->decimal_point) == ",");
  } else {
    WARN("no locale with a decimal comma on this host; checked with C++'s own locale only");
  }
  CHECK(print({.label = "a", .value = 0.102, .unit = Unit::seconds, .limits = {.warning = range("1.5")}}) ==
        "a=0.102000s;1.5");
  CHECK(print({.label = "a", .value = 1234567.5}) == "a=1234567.5");
  CHECK(Range::parse("0.5:1.5")->print() == "0.5:1.5");
  CHECK_FALSE(Range::parse("0,5").has_value());
  std::locale::global(before);
  std::setlocale(LC_NUMERIC, "C");
  std::filesystem::remove_all(folder);
}
