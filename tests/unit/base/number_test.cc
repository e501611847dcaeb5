#include "base/number.h"

#include "support/catch2.h"

using namespace mailcheck::base;

TEST_CASE("decimals are read without locale, exponent, inf or white space") {
  CHECK(parse_decimal("5") == 5.0);
  CHECK(parse_decimal("-0.25") == -0.25);
  CHECK(parse_decimal(".5") == 0.5);
  for (const auto* bad :
       {"", "-", ".", "1,5", "1e3", "inf", "nan", " 1", "1 ", "500ms", "1.2.3", "0x10", "--1", "5."}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_decimal(bad).has_value());
  }
}

TEST_CASE("decimals are printed shortest, fixed ones with their decimals") {
  CHECK(print_decimal(5) == "5");
  CHECK(print_decimal(0.25) == "0.25");
  CHECK(print_decimal(-0.0) == "0");
  CHECK(print_decimal(1e15) == "1000000000000000");
  CHECK(print_fixed(0.0004, 6) == "0.000400");
}

TEST_CASE("unsigned numbers take digits only, up to 64 bits") {
  CHECK(parse_unsigned("0") == 0U);
  CHECK(parse_unsigned("18446744073709551615") == 18446744073709551615ULL);
  for (const auto* bad : {"", "-1", "+1", "18446744073709551616", "1 ", "0x1"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_unsigned(bad).has_value());
  }
}
