#include "sasl/bearer.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

namespace {

constexpr std::string_view kToken = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";

sasl::Credentials example() {
  auto credentials = with_token("user@example.com", kToken);
  credentials.host = "server.example.com";
  credentials.port = 143;
  return credentials;
}

}  // namespace

TEST_CASE("OAUTHBEARER knows the example of RFC 7628 section 4.1") {
  auto mechanism = made({.name = "OAUTHBEARER"}, example());
  REQUIRE(mechanism);
  CHECK(mechanism->is_client_first());
  CHECK(step(*mechanism, "") ==
        "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01"
        "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01");
  CHECK(mechanism->finish().has_value());
}

TEST_CASE("OAUTHBEARER leaves out host and port where they are unknown, and escapes the name") {
  auto mechanism = made({.name = "OAUTHBEARER"}, with_token("a,b=c", "T"));
  CHECK(step(*mechanism, "") ==
        "n,a=a=2Cb=3Dc,\x01"
        "auth=Bearer T\x01\x01");
}

TEST_CASE("XOAUTH2 knows Google's example") {
  auto mechanism =
      made({.name = "xoauth2"}, with_token("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"));
  REQUIRE(mechanism);
  CHECK(mechanism->is_client_first());
  CHECK(step(*mechanism, "") ==
        "user=someuser@example.com\x01"
        "auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\x01\x01");
}

TEST_CASE("both name the mailbox that is to be opened, if it is another's") {
  auto credentials = with_token("app@example.com", "T");
  credentials.authorization = "shared@example.com";
  CHECK(step(*made({.name = "XOAUTH2"}, credentials), "") ==
        "user=shared@example.com\x01"
        "auth=Bearer T\x01\x01");
  CHECK(step(*made({.name = "OAUTHBEARER"}, credentials), "") ==
        "n,a=shared@example.com,\x01"
        "auth=Bearer T\x01\x01");
}

TEST_CASE("an error challenge is answered as the server expects and kept") {
  const std::string json = R"({"status":"401","schemes":"bearer","scope":"https://mail.example.com/"})";
  auto google = made({.name = "XOAUTH2"}, example());
  CHECK(google->server_error().empty());
  CHECK(step(*google, "").substr(0, 5) == "user=");
  CHECK(step(*google, json).empty());
  CHECK(google->server_error() == json);
  CHECK(step(*google, json) == "<protocol-error>");

  auto standard = made({.name = "OAUTHBEARER"}, example());
  CHECK(step(*standard, "").substr(0, 4) == "n,a=");
  CHECK(step(*standard, json) == "\x01");
  CHECK(standard->server_error() == json);
  CHECK(step(*standard, "") == "<protocol-error>");
}

TEST_CASE("a long error challenge is kept whole, so that secrets in it can still be found") {
  auto mechanism = made({.name = "XOAUTH2"}, example());
  CHECK_FALSE(step(*mechanism, "").empty());
  CHECK(step(*mechanism, std::string(100000, '{')).empty());
  CHECK(mechanism->server_error().size() == 100000);
}

TEST_CASE("success is no success before the token was sent, nor after it was refused") {
  const std::string name = GENERATE(as<std::string>(), "XOAUTH2", "OAUTHBEARER");
  auto mechanism = made({.name = name}, example());
  CHECK(ending(*mechanism) == "<protocol-error>");
  CHECK_FALSE(step(*mechanism, "").empty());
  CHECK(ending(*mechanism) == "done");
  (void)step(*mechanism, R"({"status":"401"})");
  CHECK(ending(*mechanism) == "<protocol-error>");
}

TEST_CASE("the token is not given to a server that speaks first") {
  for (const char* name : {"XOAUTH2", "OAUTHBEARER"}) {
    auto mechanism = made({.name = name}, example());
    CHECK(step(*mechanism, "{}") == "<protocol-error>");
    CHECK(step(*mechanism, "") == "<protocol-error>");
  }
}

TEST_CASE("what would break the framing is refused before anything is sent") {
  const std::string name = GENERATE(as<std::string>(), "XOAUTH2", "OAUTHBEARER");
  for (const std::string_view token : {"", "a b",
                                       "a\x01"
                                       "b",
                                       "a\r\nb", "token\n", "t\xc3\xb6ken", "\x7f"}) {
    CAPTURE(name, token);
    CHECK(making({.name = name}, with_token("user", token)) == "<local>");
  }
  CHECK(making({.name = name}, with_token("user", bytes("a\0b"))) == "<local>");
  CHECK(making({.name = name}, with_token("us\x01"
                                          "er",
                                          "T")) == "<local>");
  CHECK(making({.name = name}, with_token("", "T")) == "<local>");
  CHECK(making({.name = name}, with_password("user", "secret")) == "<local>");
  auto credentials = with_token("user", "T");
  credentials.host =
      "host\x01"
      "auth=Bearer other";
  CHECK(making({.name = name}, credentials) == "<local>");
}
