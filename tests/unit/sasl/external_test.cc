#include "sasl/external.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

namespace {

sasl::Credentials with_certificate(std::string_view user, std::string_view authorization) {
  sasl::Credentials credentials;
  credentials.user = user;
  credentials.authorization = authorization;
  credentials.has_client_certificate = true;
  return credentials;
}

}  // namespace

TEST_CASE("EXTERNAL says as whom: the other, the user, or nobody") {
  CHECK(step(*made({.name = "EXTERNAL"}, with_certificate("probe", "boss")), "") == "boss");
  CHECK(step(*made({.name = "EXTERNAL"}, with_certificate("probe", "")), "") == "probe");
  auto nobody = made({.name = "external"}, with_certificate("", ""));
  REQUIRE(nobody);
  CHECK(nobody->is_client_first());
  CHECK(step(*nobody, "").empty());
  CHECK(step(*nobody, "") == "<protocol-error>");
}

TEST_CASE("EXTERNAL believes a success at once only where it had nothing to say") {
  auto named = made({.name = "EXTERNAL"}, with_certificate("probe", ""));
  CHECK(ending(*named) == "<protocol-error>");
  (void)step(*named, "");
  CHECK(ending(*named) == "done");
  CHECK(ending(*made({.name = "EXTERNAL"}, with_certificate("", ""))) == "done");
}

TEST_CASE("EXTERNAL needs a certificate and an identity without NUL") {
  CHECK(making({.name = "EXTERNAL"}, with_password("probe", "secret")) == "<local>");
  CHECK(making({.name = "EXTERNAL"}, with_certificate(bytes("pro\0be"), "")) == "<local>");
}
