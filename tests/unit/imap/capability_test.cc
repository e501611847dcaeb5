#include "imap/capability.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::Capabilities;
using Names = std::vector<std::string>;

TEST_CASE("capabilities are unknown until a list was seen, even an empty one") {
  CHECK_FALSE(Capabilities().is_known());
  CHECK_FALSE(Capabilities().has("IMAP4rev1"));
  CHECK(Capabilities::parse("").is_known());
  CHECK(Capabilities::parse("").names().empty());
}

TEST_CASE("names compare whole and without case") {
  const auto capabilities = Capabilities::parse("IMAP4rev1 sasl-ir AUTH=PLAIN LITERAL-");
  CHECK(capabilities.has("imap4REV1"));
  CHECK(capabilities.has("SASL-IR"));
  CHECK_FALSE(capabilities.has("SASL"));
  CHECK_FALSE(capabilities.has("AUTH"));
  CHECK_FALSE(capabilities.has("LITERAL+"));
  CHECK_FALSE(capabilities.has(""));
}

TEST_CASE("surplus spaces make no names") {
  CHECK(Capabilities::parse("  A   B ").names() == Names{"A", "B"});
}

TEST_CASE("a flood of names is bounded") {
  std::string flood = "IMAP4rev1";
  for (int i = 0; i < 2000; ++i) flood += " a";
  CHECK(Capabilities::parse(flood).names().size() == 1000);
  CHECK(Capabilities::parse(flood).has("IMAP4rev1"));
}

TEST_CASE("mechanisms are the words behind AUTH=, as the server writes them") {
  const auto capabilities = Capabilities::parse("IMAP4rev1 AUTH=PLAIN auth=scram-sha-256 AUTH XAUTH=X AUTH= IDLE");
  CHECK(capabilities.mechanisms() == Names{"PLAIN", "scram-sha-256", ""});
}
