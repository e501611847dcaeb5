#include "sasl/login.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

TEST_CASE("LOGIN answers two prompts, whatever their words") {
  const std::pair<std::string_view, std::string_view> prompts[] = {
      {"Username:", "Password:"}, {bytes("User Name\0"), bytes("Password\0")}, {"", ""}, {"Password:", "Username:"}};
  for (const auto& [first, second] : prompts) {
    auto login = made({.name = "LOGIN"}, with_password("tim", "secret"));
    REQUIRE(login);
    CHECK_FALSE(login->is_client_first());
    CHECK(step(*login, first) == "tim");
    CHECK(step(*login, second) == "secret");
    CHECK(login->finish().has_value());
  }
}

TEST_CASE("LOGIN does not believe a success before both answers were sent") {
  auto login = made({.name = "LOGIN"}, with_password("tim", "secret"));
  CHECK(ending(*login) == "<protocol-error>");
  (void)step(*login, "Username:");
  CHECK(ending(*login) == "<protocol-error>");
  (void)step(*login, "Password:");
  CHECK(ending(*login) == "done");
}

TEST_CASE("LOGIN takes a third prompt for a protocol error") {
  auto login = made({.name = "LOGIN"}, with_password("tim", "secret"));
  CHECK(step(*login, "Username:") == "tim");
  CHECK(step(*login, "Password:") == "secret");
  CHECK(step(*login, "Username:") == "<protocol-error>");
  CHECK(step(*login, "Password:") == "<protocol-error>");
}

TEST_CASE("LOGIN refuses what it cannot carry") {
  CHECK(making({.name = "LOGIN"}, with_password("", "secret")) == "<local>");
  CHECK(making({.name = "LOGIN"}, with_password("tim", bytes("a\0b"))) == "<local>");
  auto credentials = with_password("tim", "secret");
  credentials.authorization = "boss";
  CHECK(making({.name = "LOGIN"}, credentials) == "<local>");
  credentials.authorization = "tim";
  CHECK(making({.name = "LOGIN"}, credentials) == "LOGIN");
}
