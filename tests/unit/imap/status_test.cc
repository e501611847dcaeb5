#include "imap/status.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_status;

TEST_CASE("the items of a STATUS are read in any order and case, others are skipped") {
  const std::string_view data =
      GENERATE(as<std::string_view>{}, "\"Junk E-mail\" (MESSAGES 3 UIDNEXT 5 UIDVALIDITY 4294967295)",
               "\"Junk E-mail\"  ( uidvalidity 4294967295  HIGHESTMODSEQ 9223372036854775807 UidNext 5 messages 3 )",
               "{11}\r\nJunk E-mail (X (a (b)) MESSAGES 3 UIDVALIDITY 4294967295 UIDNEXT 5)",
               "Junk E-mail (MESSAGES 3 UIDNEXT 5 UIDVALIDITY 4294967295)");  // not quoted: quirk
  CAPTURE(data);
  const auto status = parse_status(data);
  REQUIRE(status);
  CHECK(status->name == "Junk E-mail");
  CHECK(status->messages == 3U);
  CHECK(status->uid_next == 5U);
  CHECK(status->uid_validity == 4294967295U);
}

TEST_CASE("items may be absent") {
  const auto status = parse_status("INBOX.Junk ()");
  REQUIRE(status);
  CHECK(status->name == "INBOX.Junk");
  CHECK_FALSE(status->messages.has_value());
  CHECK_FALSE(status->uid_next.has_value());
  CHECK_FALSE(status->uid_validity.has_value());
}

TEST_CASE("a name may hold a bracket, quoted or not") {
  const auto status = parse_status(GENERATE(as<std::string_view>{}, "\"a (b\" (UIDNEXT 5)", "a (b (UIDNEXT 5)"));
  REQUIRE(status);
  CHECK(status->name == "a (b");
  CHECK(status->uid_next == 5U);
}

TEST_CASE("a STATUS that is not whole is malformed") {
  for (const std::string_view data :
       {"", "Junk", "Junk ", "Junk (", "Junk (UIDNEXT", "Junk (UIDNEXT 5", "Junk (UIDNEXT)", "Junk (UIDNEXT x)",
        "Junk (UIDNEXT 4294967296)", "\"Junk (UIDNEXT 5)", "(UIDNEXT 5)", "\"Junk\" E-mail (UIDNEXT 5)", "Junk mail",
        "Junk mail (UIDNEXT"}) {
    CAPTURE(data);
    CHECK_FALSE(parse_status(data).has_value());
  }
}
