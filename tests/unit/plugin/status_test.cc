#include "plugin/status.h"

#include <array>

#include "support/catch2.h"

using namespace mailcheck::plugin;

TEST_CASE("states combine as CRITICAL > WARNING > UNKNOWN > OK, in every pair") {
  struct Case {
    Status left, right, expected;
  };
  constexpr auto kOk = Status::ok, kWarning = Status::warning, kCritical = Status::critical, kUnknown = Status::unknown;
  const std::array<Case, 16> table{{
      {kOk, kOk, kOk},
      {kOk, kWarning, kWarning},
      {kOk, kCritical, kCritical},
      {kOk, kUnknown, kUnknown},
      {kWarning, kOk, kWarning},
      {kWarning, kWarning, kWarning},
      {kWarning, kCritical, kCritical},
      {kWarning, kUnknown, kWarning},
      {kCritical, kOk, kCritical},
      {kCritical, kWarning, kCritical},
      {kCritical, kCritical, kCritical},
      {kCritical, kUnknown, kCritical},
      {kUnknown, kOk, kUnknown},
      {kUnknown, kWarning, kWarning},
      {kUnknown, kCritical, kCritical},
      {kUnknown, kUnknown, kUnknown},
  }};
  for (const Case& row : table) {
    CAPTURE(to_string(row.left), to_string(row.right));
    CHECK(worst(row.left, row.right) == row.expected);
    CHECK(is_worse(row.left, row.right) == (row.left == row.expected && row.left != row.right));
  }
}

TEST_CASE("a state has one name and one exit code, and is read in any case") {
  CHECK(exit_code(Status::ok) == 0);
  CHECK(exit_code(Status::warning) == 1);
  CHECK(exit_code(Status::critical) == 2);
  CHECK(exit_code(Status::unknown) == 3);
  for (const Status state : {Status::ok, Status::warning, Status::critical, Status::unknown}) {
    CHECK(parse_status(to_string(state)) == state);
  }
  CHECK(parse_status("Ok") == Status::ok);
  CHECK(parse_status("wArNiNg") == Status::warning);
}

TEST_CASE("a word that is not one of the four states is refused") {
  for (const auto* bad : {"", "O", "okay", "warn", "2", " ok", "ok ", "critical\n"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_status(bad).has_value());
  }
}
