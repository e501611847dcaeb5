// What the look into a mailbox asks, and what it makes of the answers.
#include "probe/mailbox_look.h"

#include "unit/probe/scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

namespace {

// A scene in which everybody is let in at once; now is 2026-06-15 00:00:00 UTC.
struct Look : Scene {
  Look() : Scene(PeerTls::implicit), wanted(request()) {
    peer.set_greeting("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n");
    offer("IMAP4rev1 QUOTA ESEARCH");
  }
  void offer(const std::string& capabilities) {
    peer.on("AUTHENTICATE", "{tag} OK [CAPABILITY " + capabilities + "] in\r\n");
  }
  probe::ImapLoginFacts look() {
    auto facts = run(std::move(wanted));
    asked = peer.heard();
    REQUIRE(asked.size() > 2);
    asked.erase(asked.begin());  // AUTHENTICATE
    asked.erase(asked.begin());  // EXAMINE
    if (asked.back() == "LOGOUT") asked.pop_back();
    return facts;
  }

  probe::ImapLoginRequest wanted;
  Texts asked;
};

imap::SearchCriteria criteria(std::string_view text) {
  return *imap::SearchCriteria::parse(text);
}

}  // namespace

TEST_CASE("a server that cannot read the user's criteria is told from one that refuses a search") {
  struct Row {
    std::string criteria;  // empty: only UNSEEN is asked
    std::string answer;
    base::ErrorKind kind;
  };
  using enum base::ErrorKind;
  const auto row =
      GENERATE(values<Row>({{"X-GM-RAW \"is:important\"", "{tag} BAD Unknown argument X-GM-RAW\r\n", criteria_refused},
                            {"SUBJECT \"\xc3\xa4\"", "{tag} NO [BADCHARSET (US-ASCII)] no\r\n", criteria_refused},
                            {"ALL", "{tag} NO [SERVERBUG] Internal error\r\n", command_refused},
                            {"ALL", "{tag} NO no\r\n", command_refused},
                            {"ALL", "* BYE no\r\n", connection_lost},
                            {"", "{tag} BAD what\r\n", command_refused}}));
  CAPTURE(row.criteria, row.answer);
  Look scene;
  scene.peer.on("UID SEARCH", row.answer);
  scene.peer.on("SEARCH", row.answer);
  if (!row.criteria.empty()) scene.wanted.search = criteria(row.criteria);
  scene.wanted.measure.unseen = row.criteria.empty();
  const auto facts = scene.look();
  REQUIRE(facts.error);
  CHECK(base::to_string(facts.error->kind) == base::to_string(row.kind));
  CHECK(facts.error->stage == base::Stage::search);
  const bool is_theirs = facts.error->detail == "the server does not accept the criteria of --search";
  CHECK(is_theirs == (row.kind == criteria_refused));
}

TEST_CASE("nothing more is asked than what is measured") {
  Look scene;
  const auto facts = scene.look();
  CHECK(scene.asked.empty());
  CHECK_FALSE(facts.unseen.has_value());
  CHECK_FALSE(facts.hits.has_value());
  CHECK(facts.quota.empty());
  CHECK_FALSE(facts.quota_error.has_value());
}

TEST_CASE("a folder must be there by its very name, and be one that opens") {
  struct Row {
    std::string answer;
    bool is_there;
  };
  const auto row = GENERATE(values<Row>({{"* LIST (\\HasNoChildren) \"/\" Entw&APw-rfe\r\n", true},
                                         {"* LIST () \"/\" \"Entw&APw-rfe\"\r\n* LIST () \"/\" x\r\n", true},
                                         {"* LIST () \"/\" {12}\r\nEntw&APw-rfe\r\n", true},
                                         {"* LIST (\\Noselect) \"/\" Entw&APw-rfe\r\n", false},
                                         {"* LIST (\\noselect) \"/\" Entw&APw-rfe\r\n", false},
                                         {"* LIST (\\NonExistent) \"/\" Entw&APw-rfe\r\n", false},
                                         {"* LIST () \"/\" entw&APw-rfe\r\n", false},
                                         {"* LIST () \"/\" Entw&APw-rfe/Alt\r\n", false},
                                         {"", false}}));
  CAPTURE(row.answer);
  Look scene;
  scene.wanted.must_exist = {{"Entw\xc3\xbcrfe", "Entw&APw-rfe"}};
  scene.peer.on("LIST", row.answer + "{tag} OK\r\n");
  const auto facts = scene.look();
  CHECK(scene.asked == Texts{"LIST \"\" \"Entw&APw-rfe\""});
  CHECK(facts.missing_mailboxes == (row.is_there ? Texts{} : Texts{"Entw\xc3\xbcrfe"}));
}

TEST_CASE("INBOX is there in any case") {
  Look scene;
  scene.wanted.must_exist = {{"inbox", "inbox"}};
  scene.peer.on("LIST", "* LIST () \"/\" INBOX\r\n{tag} OK\r\n");
  CHECK(scene.look().missing_mailboxes.empty());
}

TEST_CASE("unseen messages are counted, by ESEARCH or without") {
  Look scene;
  scene.wanted.measure.unseen = true;
  SECTION("with") {
    scene.peer.on("SEARCH", "* ESEARCH (TAG \"{tag}\") COUNT 5 MIN 1 MAX 9\r\n{tag} OK\r\n");
    CHECK(scene.look().unseen == 5U);
    CHECK(scene.asked == Texts{"SEARCH RETURN (COUNT MIN MAX) UNSEEN"});
  }
  SECTION("without") {
    scene.offer("IMAP4rev1");
    scene.peer.on("SEARCH", "* SEARCH 1 2 3\r\n{tag} OK\r\n");
    CHECK(scene.look().unseen == 3U);
    CHECK(scene.asked == Texts{"SEARCH UNSEEN"});
  }
}

TEST_CASE("hits are counted; their numbers are asked for only when headers are wanted") {
  Look scene;
  scene.wanted.search = criteria("FROM \"x\"");
  SECTION("the count alone") {
    scene.peer.on("UID SEARCH", "* ESEARCH (TAG \"{tag}\") UID COUNT 2 MIN 4 MAX 9\r\n{tag} OK\r\n");
    CHECK(scene.look().hits == 2U);
    CHECK(scene.asked == Texts{"UID SEARCH RETURN (COUNT MIN MAX) FROM \"x\""});
  }
  SECTION("with the newest headers") {
    scene.wanted.fetch_newest = 2;
    scene.peer.on("UID SEARCH", "* SEARCH 9 4 7\r\n{tag} OK\r\n");
    scene.peer.on("UID FETCH",
                  "* 1 FETCH (UID 7 INTERNALDATE \"14-Jun-2026 00:00:00 +0000\" BODY[HEADER.FIELDS (DATE)] \"a\")\r\n"
                  "* 2 FETCH (UID 9 INTERNALDATE \"14-Jun-2026 00:00:00 +0000\" BODY[HEADER.FIELDS (DATE)] "
                  "\"b\")\r\n{tag} OK\r\n");
    const auto facts = scene.look();
    CHECK(facts.hits == 3U);
    REQUIRE(scene.asked.size() == 2);
    CHECK(scene.asked[1].starts_with("UID FETCH 7,9 "));
    REQUIRE(facts.newest_messages.size() == 2);
    CHECK(facts.newest_messages[1].header == "b");
  }
}

TEST_CASE("ages count from the probe's now to the first and the last message") {
  Look scene;
  scene.wanted.measure.newest_age = scene.wanted.measure.oldest_age = true;
  scene.peer.on("FETCH",
                "* 1 FETCH (UID 3 INTERNALDATE \"14-Jun-2026 00:00:00 +0000\")\r\n"
                "* 5 FETCH (FLAGS (\\Seen))\r\n"
                "* 12 FETCH (UID 9 INTERNALDATE \"15-Jun-2026 00:59:00 +0100\")\r\n{tag} OK\r\n");
  const auto facts = scene.look();
  CHECK(scene.asked == Texts{"FETCH 1,12 (UID INTERNALDATE)"});
  CHECK(facts.oldest_age == 24h);
  CHECK(facts.newest_age == 60s);
}

TEST_CASE("a message dated by a clock that is a little ahead is new, one from the future has no age") {
  struct Row {
    std::string date;
    bool is_measured;
  };
  const auto row = GENERATE(values<Row>({{"15-Jun-2026 00:01:00 +0000", true},
                                         {"15-Jun-2026 01:00:00 +0000", true},
                                         {"15-Jun-2026 01:00:01 +0000", false},
                                         {"15-Jun-2099 00:00:00 +0000", false}}));
  CAPTURE(row.date);
  Look scene;
  scene.wanted.measure.newest_age = true;
  scene.peer.on("FETCH", "* 12 FETCH (INTERNALDATE \"" + row.date + "\")\r\n{tag} OK\r\n");
  const auto facts = scene.look();
  CHECK(facts.newest_age == (row.is_measured ? std::optional(0s) : std::nullopt));
  REQUIRE(facts.not_measured.empty() == row.is_measured);
  if (!row.is_measured) {
    CHECK(facts.not_measured[0].label == "newest_age");
    CHECK(facts.not_measured[0].reason == "the message is dated in the future");
  }
}

TEST_CASE("what was expunged in the meantime is not asked for") {
  Look scene;
  scene.wanted.must_exist = {{"a", "a"}};
  scene.wanted.measure.newest_age = true;
  scene.wanted.fetch_newest = 2;
  scene.peer.on("LIST", "* 12 EXPUNGE\r\n* LIST () \"/\" a\r\n{tag} OK\r\n");
  scene.peer.on("FETCH", "* 1 EXPUNGE\r\n{tag} NO [EXPUNGEISSUED] gone\r\n");
  const auto facts = scene.look();
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.mailbox->messages == 12);  // when it was opened
  REQUIRE(scene.asked.size() == 3);
  CHECK(scene.asked[1] == "FETCH 11 (UID INTERNALDATE)");
  CHECK(scene.asked[2].starts_with("FETCH 9,10 "));
  REQUIRE(facts.not_measured.size() == 1);
  CHECK(facts.not_measured[0].reason == "the server does not tell the date of the message");
}

TEST_CASE("the largest mailbox that IMAP can count is looked at like others, a larger one is a lie") {
  Look scene;
  scene.wanted.fetch_newest = 2;
  scene.peer.on("FETCH", "{tag} OK\r\n");
  SECTION("largest") {
    scene.peer.on("EXAMINE", "* 4294967295 EXISTS\r\n{tag} OK\r\n");
    CHECK(scene.look().mailbox->messages == 4294967295U);
    REQUIRE(scene.asked.size() == 1);
    CHECK(scene.asked[0].starts_with("FETCH 4294967294,4294967295 "));
  }
  SECTION("larger") {
    scene.peer.on("EXAMINE", "* 18446744073709551615 EXISTS\r\n{tag} OK\r\n");
    const auto facts = scene.run(std::move(scene.wanted));
    REQUIRE(facts.error);
    CHECK(facts.error->kind == base::ErrorKind::protocol_error);
  }
}

TEST_CASE("one message is asked for once, and is both the newest and the oldest") {
  Look scene;
  scene.wanted.measure.newest_age = scene.wanted.measure.oldest_age = true;
  scene.peer.on("EXAMINE", "* 1 EXISTS\r\n{tag} OK\r\n");
  scene.peer.on("FETCH", "* 1 FETCH (INTERNALDATE \"14-Jun-2026 00:00:00 +0000\")\r\n{tag} OK\r\n");
  const auto facts = scene.look();
  CHECK(scene.asked == Texts{"FETCH 1 (UID INTERNALDATE)"});
  CHECK(facts.newest_age == 24h);
  CHECK(facts.oldest_age == 24h);
}

TEST_CASE("an age that cannot be measured has its reason") {
  struct Row {
    std::string exists, search, fetch, reason;
  };
  const auto row = GENERATE(values<Row>({
      {"0", "", "", "the mailbox is empty"},
      {"3", "* SEARCH", "", "no message was found"},
      {"3", "", "", "the server does not tell the date of the message"},
      {"3", "", "* 3 FETCH (INTERNALDATE \"yesterday\")", "the server does not tell the date of the message"},
      {"3", "", "* 2 FETCH (INTERNALDATE \"14-Jun-2026 00:00:00 +0000\")",
       "the server does not tell the date of the message"},
      {"3", "* SEARCH 8", "* 3 FETCH (INTERNALDATE \"14-Jun-2026 00:00:00 +0000\")",
       "the server does not tell the date of the message"},
  }));
  CAPTURE(row.exists, row.search, row.fetch);
  Look scene;
  scene.wanted.measure.newest_age = true;
  if (!row.search.empty()) scene.wanted.search = criteria("ALL");
  scene.peer.on("EXAMINE", "* " + row.exists + " EXISTS\r\n{tag} OK\r\n");
  scene.peer.on("UID SEARCH", row.search + "\r\n{tag} OK\r\n");
  const std::string fetched = row.fetch.empty() ? "{tag} OK\r\n" : row.fetch + "\r\n{tag} OK\r\n";
  scene.peer.on("FETCH", fetched);
  scene.peer.on("UID FETCH", fetched);
  const auto facts = scene.look();
  CHECK_FALSE(facts.error.has_value());
  CHECK_FALSE(facts.newest_age.has_value());
  REQUIRE(facts.not_measured.size() == 1);
  CHECK(facts.not_measured[0].label == "newest_age");
  CHECK(facts.not_measured[0].reason == row.reason);
}

TEST_CASE("no more headers are fetched than there are messages") {
  Look scene;
  scene.wanted.fetch_newest = 5;
  scene.peer.on("FETCH", "{tag} OK\r\n");
  SECTION("some") {
    scene.peer.on("EXAMINE", "* 3 EXISTS\r\n{tag} OK\r\n");
    (void)scene.look();
    REQUIRE(scene.asked.size() == 1);
    CHECK(scene.asked[0].starts_with("FETCH 1,2,3 "));
  }
  SECTION("none") {
    scene.peer.on("EXAMINE", "* 0 EXISTS\r\n{tag} OK\r\n");
    (void)scene.look();
    CHECK(scene.asked.empty());
  }
}

TEST_CASE("headers are looked at without touching a flag") {
  Look scene;
  scene.wanted.fetch_newest = 1;
  scene.peer.on("FETCH", "{tag} OK\r\n");
  (void)scene.look();
  CHECK(scene.asked[0].find("BODY.PEEK[") != std::string::npos);
  CHECK(scene.asked[0].find("BODY[") == std::string::npos);
}

TEST_CASE("quota is a fact, its absence is one too, and neither ends the session") {
  struct Row {
    std::string capabilities, answer, detail;
  };
  const auto row = GENERATE(values<Row>({
      {"IMAP4rev1 QUOTA", "* QUOTAROOT INBOX a\r\n* QUOTA a (STORAGE 1 2)\r\n{tag} OK\r\n", ""},
      {"IMAP4rev1", "", "the server has no QUOTA"},
      {"IMAP4rev1 QUOTA", "* QUOTAROOT INBOX\r\n{tag} OK\r\n", "the mailbox has no quota"},
      {"IMAP4rev1 QUOTA", "* QUOTA a (STORAGE 5 0)\r\n{tag} OK\r\n", "the mailbox has no quota"},
      {"IMAP4rev1 QUOTA", "{tag} NO [NOPERM] no\r\n", "the server does not tell the quota"},
  }));
  CAPTURE(row.answer);
  Look scene;
  scene.wanted.measure.quota = true;
  scene.offer(row.capabilities);
  scene.peer.on("GETQUOTAROOT", row.answer);
  const auto facts = scene.look();
  CHECK_FALSE(facts.error.has_value());
  CHECK(facts.quota_error.has_value() == !row.detail.empty());
  if (facts.quota_error) {
    CHECK(facts.quota_error->kind == base::ErrorKind::quota_unavailable);
    CHECK(facts.quota_error->detail == row.detail);
  } else {
    REQUIRE(facts.quota.size() == 1);
    CHECK(facts.quota[0].limit == 2);
  }
}

TEST_CASE("a session that breaks while the quota is asked for is a broken session") {
  Look scene;
  scene.wanted.measure.quota = true;
  scene.peer.on("GETQUOTAROOT", "");
  scene.peer.set_end(MemoryEnd::silent);
  const auto facts = scene.look();
  REQUIRE(facts.error);
  CHECK(facts.error->kind == base::ErrorKind::timeout);
  CHECK(facts.error->stage == base::Stage::quota);
  CHECK_FALSE(facts.quota_error.has_value());
}
