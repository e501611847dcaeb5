#include "sasl/plain.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

TEST_CASE("PLAIN knows the examples of RFC 4616") {
  auto tim = made({.name = "PLAIN"}, with_password("tim", "tanstaaftanstaaf"));
  REQUIRE(tim);
  CHECK(tim->is_client_first());
  CHECK(tim->name() == "PLAIN");
  CHECK(step(*tim, "") == bytes("\0tim\0tanstaaftanstaaf"));
  CHECK(tim->finish().has_value());

  auto credentials = with_password("Kurt", "xipj3plmq");
  credentials.authorization = "Ursel";
  auto kurt = made({.name = "plain"}, credentials);
  REQUIRE(kurt);
  CHECK(step(*kurt, "") == bytes("Ursel\0Kurt\0xipj3plmq"));
}

TEST_CASE("PLAIN sends a password that SASLprep refuses or would change, byte for byte") {
  for (const std::string_view password : {"\x07"
                                          "bell",
                                          "\xc2\xa0no-break", "\xff\xfe", "\xe2\x85\xa8", " p "}) {
    auto mechanism = made({.name = "PLAIN"}, with_password("tim", password));
    REQUIRE(mechanism);
    CHECK(step(*mechanism, "") == std::string(bytes("\0tim\0")) + std::string(password));
  }
}

TEST_CASE("PLAIN refuses what it cannot frame") {
  CHECK(making({.name = "PLAIN"}, with_password(bytes("ti\0m"), "secret")) == "<local>");
  CHECK(making({.name = "PLAIN"}, with_password("tim", bytes("sec\0ret"))) == "<local>");
  CHECK(making({.name = "PLAIN"}, with_password("", "secret")) == "<local>");
  CHECK(making({.name = "PLAIN"}, with_password("tim", "")) == "<local>");
  CHECK(making({.name = "PLAIN"}, with_token("tim", "token")) == "<local>");
  auto credentials = with_password("tim", "secret");
  credentials.authorization = bytes("bo\0ss");
  CHECK(making({.name = "PLAIN"}, credentials) == "<local>");
}

TEST_CASE("PLAIN says its message once, and to nobody who asks first") {
  auto twice = made({.name = "PLAIN"}, with_password("tim", "secret"));
  CHECK(step(*twice, "") == bytes("\0tim\0secret"));
  CHECK(step(*twice, "") == "<protocol-error>");
  CHECK(step(*twice, "go on") == "<protocol-error>");

  auto early = made({.name = "PLAIN"}, with_password("tim", "secret"));
  CHECK(step(*early, "Password:") == "<protocol-error>");
  CHECK(step(*early, "") == "<protocol-error>");
}

TEST_CASE("PLAIN does not believe a success before its message was sent") {
  auto mechanism = made({.name = "PLAIN"}, with_password("tim", "secret"));
  CHECK(ending(*mechanism) == "<protocol-error>");
  (void)step(*mechanism, "");
  CHECK(ending(*mechanism) == "done");
}

TEST_CASE("what a mechanism says about its failure names the mechanism and no secret") {
  const auto refused = sasl::make({.name = "PLAIN"}, with_password("tim", bytes("hunter2\0")));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().stage == base::Stage::auth);
  CHECK(refused.error().detail == "PLAIN: the password holds a NUL, which cannot be sent");
}
