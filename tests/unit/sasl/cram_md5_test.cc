#include "sasl/cram_md5.h"

#include "base/base64.h"
#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

TEST_CASE("CRAM-MD5 knows the example of RFC 2195") {
  auto tim = made({.name = "cram-md5"}, with_password("tim", "tanstaaftanstaaf"));
  REQUIRE(tim);
  CHECK_FALSE(tim->is_client_first());
  CHECK(step(*tim, "<1896.697170952@postoffice.reston.mci.net>") == "tim b913a602c7eda7a495b4e6e7334d3890");
  CHECK(step(*tim, "<1896.697170952@postoffice.reston.mci.net>") == "<protocol-error>");
}

TEST_CASE("CRAM-MD5 does not believe a success before its answer was sent") {
  auto mechanism = made({.name = "CRAM-MD5"}, with_password("tim", "secret"));
  CHECK(ending(*mechanism) == "<protocol-error>");
  (void)step(*mechanism, "<1@x>");
  CHECK(ending(*mechanism) == "done");
}

TEST_CASE("CRAM-MD5's answer is known to the mask when it is sent") {
  base::Mask mask;
  auto tim = made({.name = "CRAM-MD5", .mask = &mask}, with_password("tim", "tanstaaftanstaaf"));
  const std::string sent = step(*tim, "<1896.697170952@postoffice.reston.mci.net>");
  CHECK(mask.apply(sent) == "tim ***");
  CHECK(mask.apply(base::base64_encode(std::string_view(sent))).find("***") != std::string::npos);
}

TEST_CASE("CRAM-MD5 takes NULs in a challenge for bytes like others") {
  auto one = made({.name = "CRAM-MD5"}, with_password("tim", "secret"));
  auto other = made({.name = "CRAM-MD5"}, with_password("tim", "secret"));
  CHECK(step(*one, bytes("<a\0b>")) != step(*other, "<a"));
}

TEST_CASE("CRAM-MD5 refuses an empty and an endless challenge, and holds no password afterwards") {
  for (const auto& challenge : {std::string(), std::string(4097, 'x')}) {
    auto mechanism = made({.name = "CRAM-MD5"}, with_password("tim", "secret"));
    CHECK(step(*mechanism, challenge) == "<protocol-error>");
    CHECK(step(*mechanism, "<1@x>") == "<protocol-error>");
  }
  auto longest = made({.name = "CRAM-MD5"}, with_password("tim", "secret"));
  CHECK(step(*longest, std::string(4096, 'x')).substr(0, 4) == "tim ");
}

TEST_CASE("CRAM-MD5 refuses what it cannot carry") {
  CHECK(making({.name = "CRAM-MD5"}, with_password("tim", "")) == "<local>");
  auto credentials = with_password("tim", "secret");
  credentials.authorization = "boss";
  CHECK(making({.name = "CRAM-MD5"}, credentials) == "<local>");
}
