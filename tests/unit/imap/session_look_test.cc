// imap::Session while somebody waits for mail, looks at it by UID, and cleans up.
#include <fmt/format.h>

#include "unit/imap/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using base::Stage;
using Numbers = std::vector<std::uint64_t>;

namespace {

constexpr std::string_view kFields =
    "(UID INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-MAILCHECK-ROUNDTRIP CONTENT-TYPE AUTO-SUBMITTED "
    "X-FAILED-RECIPIENTS RETURN-PATH SUBJECT FROM)])";

// INBOX with 3 messages is open (A1).
struct OpenInbox : Conversation {
  OpenInbox() {
    greet();
    session.open("INBOX", imap::OpenMode::select);
    REQUIRE(hear("* 3 EXISTS\r\n* 0 RECENT\r\n* OK [UIDNEXT 10]\r\nA1 OK [READ-WRITE]\r\n") == "done");
    (void)take();
  }
  // IDLE stands (A2).
  void idle() {
    session.idle();
    REQUIRE(go() == "more");
    REQUIRE(take() == "A2 IDLE\r\n");
    REQUIRE(hear("+ idling\r\n") == "done");
  }
};

}  // namespace

TEST_CASE("the folders are listed with their uses as far as the server can") {
  struct Row {
    std::string_view capabilities;
    std::string_view sent;
    std::string_view answer;
  };
  const auto row = GENERATE(values<Row>({
      {"IMAP4rev1 SPECIAL-USE LIST-EXTENDED XLIST", "A1 LIST (SPECIAL-USE) \"\" \"*\"\r\n",
       "* LIST (\\Junk) \"/\" Spam (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n"},
      {"IMAP4rev1 SPECIAL-USE XLIST", "A1 XLIST \"\" \"*\"\r\n", "* XLIST (\\Junk) \"/\" Spam\r\n"},
      {"IMAP4rev1 SPECIAL-USE", "A1 LIST \"\" \"*\"\r\n", "* LIST (\\Junk) \"/\" Spam\r\n"},
      {"IMAP4rev1 LIST-EXTENDED", "A1 LIST \"\" \"*\"\r\n", "* LIST (\\Junk) \"/\" Spam\r\n"},
  }));
  CAPTURE(row.capabilities);
  Conversation talk;
  talk.greet(std::string(row.capabilities));
  talk.session.list_special_use();
  CHECK(talk.hear(std::string(row.answer) + "A1 OK\r\n") == "done");
  CHECK(talk.take() == row.sent);
  REQUIRE(talk.session.listed().size() == 1);
  CHECK(talk.session.listed()[0].name == "Spam");
  CHECK(talk.session.listed()[0].attributes == std::vector<std::string>{"\\Junk"});
}

TEST_CASE("a NOOP brings news, and they are told once") {
  OpenInbox talk;
  CHECK_FALSE(talk.session.take_news());  // what SELECT told is none
  talk.session.noop();
  CHECK(talk.hear("A2 OK\r\n") == "done");
  CHECK(talk.take() == "A2 NOOP\r\n");
  CHECK_FALSE(talk.session.take_news());
  const std::string news =
      GENERATE(as<std::string>{}, "* 4 EXISTS", "* 1 RECENT", "* STATUS Junk (UIDNEXT 5)", "* STATUS Junk nonsense");
  CAPTURE(news);
  talk.session.noop();
  CHECK(talk.hear(news + "\r\nA3 OK\r\n") == "done");
  CHECK(talk.session.has_news());
  CHECK(talk.session.take_news());
  CHECK_FALSE(talk.session.take_news());
}

TEST_CASE("what is expunged, and flags that change, are no news") {
  OpenInbox talk;
  talk.session.noop();
  CHECK(talk.hear("* 1 EXPUNGE\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* OK still here\r\nA2 OK\r\n") == "done");
  CHECK_FALSE(talk.session.take_news());
  CHECK(talk.session.mailbox().messages == 2);
}

TEST_CASE("news that come while something else is under way are news, those of a mailbox left are none") {
  OpenInbox talk;
  talk.session.fetch_from(10);
  CHECK(talk.hear("* 4 EXISTS\r\nA2 OK\r\n") == "done");
  CHECK(talk.session.has_news());
  talk.session.open("Junk", imap::OpenMode::select);
  CHECK_FALSE(talk.session.has_news());
  CHECK(talk.hear("* 7 EXISTS\r\n* 7 RECENT\r\nA3 OK\r\n") == "done");
  CHECK_FALSE(talk.session.has_news());
}

TEST_CASE("STATUS tells of a folder; its own answer is no news") {
  OpenInbox talk;
  talk.session.status("Junk E-mail");
  CHECK(talk.hear("* STATUS \"Junk E-mail\" (MESSAGES 3 UIDNEXT 5 UIDVALIDITY 7)\r\nA2 OK\r\n") == "done");
  CHECK(talk.take() == "A2 STATUS \"Junk E-mail\" (MESSAGES UIDNEXT UIDVALIDITY)\r\n");
  REQUIRE(talk.session.statuses().size() == 1);
  CHECK(talk.session.statuses()[0].name == "Junk E-mail");
  CHECK(talk.session.statuses()[0].uid_next == 5U);
  CHECK(talk.session.statuses()[0].uid_validity == 7U);
  CHECK_FALSE(talk.session.has_news());
  talk.session.status("Junk");
  CHECK(talk.hear("* 9 EXISTS\r\nA3 OK\r\n") == "done");
  CHECK(talk.session.statuses().empty());
  CHECK(talk.session.has_news());
}

TEST_CASE("several STATUS of a folder are one, the last values") {
  OpenInbox talk;
  talk.session.noop();
  CHECK(talk.hear("* STATUS Junk (MESSAGES 3 UIDNEXT 5)\r\n* STATUS a (UIDNEXT 1)\r\n* STATUS Junk (UIDNEXT 6 "
                  "UIDVALIDITY 7)\r\nA2 OK\r\n") == "done");
  REQUIRE(talk.session.statuses().size() == 2);
  CHECK(talk.session.statuses()[0].messages == 3U);
  CHECK(talk.session.statuses()[0].uid_next == 6U);
  CHECK(talk.session.statuses()[0].uid_validity == 7U);
}

TEST_CASE("a flood of folders is bounded") {
  OpenInbox talk;
  talk.session.noop();
  std::string flood;
  for (int i = 0; i < 150; ++i) flood += fmt::format("* STATUS f{} (UIDNEXT 1)\r\n", i);
  CHECK(talk.hear(flood + "A2 OK\r\n") == "done");
  CHECK(talk.session.statuses().size() == 100);
}

TEST_CASE("a STATUS that was asked for must be one, and its folder be there") {
  OpenInbox talk;
  talk.session.status("Junk");
  CHECK(talk.hear("A2 NO [NONEXISTENT] Mailbox doesn't exist: Junk\r\n") == "mailbox-unusable");
  CHECK(talk.error.stage == Stage::look);
  CHECK(talk.error.is_answered);
  talk.session.status("Junk");
  CHECK(talk.hear("* STATUS Junk (UIDNEXT x)\r\n") == "protocol-error");
}

TEST_CASE("NOTIFY asks for what the RFC's grammar has") {
  OpenInbox talk;
  talk.session.notify("Junk");
  CHECK(talk.hear("A2 OK\r\n") == "done");
  CHECK(talk.take() ==
        "A2 NOTIFY SET (SELECTED (MessageNew MessageExpunge)) (MAILBOXES \"Junk\" (MessageNew "
        "MessageExpunge))\r\n");
  talk.session.notify("Junk");
  CHECK(talk.hear("A3 BAD what\r\n") == "command-refused");
}

TEST_CASE("IDLE waits for news, and ends with DONE") {
  OpenInbox talk;
  talk.idle();
  talk.session.await_news();
  CHECK(talk.go() == "more");
  CHECK(talk.hear("* OK Still here\r\n* 2 FETCH (FLAGS ())\r\n* 4 EXI") == "more");
  CHECK(talk.hear("STS\r\n") == "done");
  CHECK(talk.session.has_news());
  talk.session.end_idle();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "DONE\r\n");
  CHECK(talk.shown.ends_with("DONE\n"));
  CHECK(talk.hear("* 5 EXISTS\r\nA2 OK\r\n") == "done");
  CHECK(talk.session.mailbox().messages == 5);
  talk.session.noop();
  CHECK(talk.hear("A3 OK\r\n") == "done");
}

TEST_CASE("the wait ends when something is expunged or a folder changes") {
  const auto& [line, is_news] = GENERATE(values<std::pair<std::string, bool>>(
      {{"* 1 EXPUNGE", false}, {"* 1 RECENT", true}, {"* STATUS Junk (UIDNEXT 5)", true}}));
  CAPTURE(line);
  OpenInbox talk;
  talk.idle();
  talk.session.await_news();
  CHECK(talk.hear(line + "\r\n") == "done");
  CHECK(talk.session.take_news() == is_news);
  talk.session.await_news();  // and begins anew
  CHECK(talk.go() == "more");
}

TEST_CASE("news that nobody has taken end the wait at once") {
  OpenInbox talk;
  talk.session.idle();
  CHECK(talk.hear("* 4 EXISTS\r\n+ idling\r\n") == "done");
  talk.session.await_news();
  CHECK(talk.go() == "done");
}

TEST_CASE("IDLE that is refused, or ended unasked, is an error that the session outlives") {
  struct Row {
    std::string_view before, after;
    std::string_view kind;
  };
  const auto row = GENERATE(values<Row>({{"A2 NO not now\r\n", "", "command-refused"},
                                         {"A2 BAD unknown command\r\n", "", "command-refused"},
                                         {"A2 OK done already\r\n", "", "protocol-error"},
                                         {"+ idling\r\n", "A2 OK half an hour is over\r\n", "protocol-error"},
                                         {"+ idling\r\n", "* 4 EXISTS\r\nA2 NO enough\r\n", "command-refused"}}));
  CAPTURE(row.before, row.after);
  OpenInbox talk;
  talk.session.idle();
  std::string end = talk.hear(row.before);
  if (!row.after.empty()) {
    REQUIRE(end == "done");
    talk.session.await_news();
    end = talk.hear(row.after);
  }
  CHECK(end == row.kind);
  CHECK(talk.error.stage == Stage::look);
  CHECK(talk.error.is_answered);
  talk.session.noop();
  CHECK(talk.hear("A3 OK\r\n") == "done");
}

TEST_CASE("a connection that ends during IDLE is lost, with the server's words") {
  OpenInbox talk;
  talk.idle();
  talk.session.await_news();
  SECTION("by BYE") {
    CHECK(talk.hear("* 4 EXISTS\r\n* BYE shutting down\r\n") == "connection-lost");
    CHECK(talk.error.peer_text == "shutting down");
  }
  SECTION("without") {
    CHECK(talk.hang_up() == "connection-lost");
  }
  CHECK(talk.error.stage == Stage::look);
  CHECK_FALSE(talk.error.is_answered);
}

TEST_CASE("without IDLE a wait takes what comes, but no reply") {
  OpenInbox talk;
  talk.session.await_news();
  CHECK(talk.go() == "more");
  CHECK(talk.take().empty());
  SECTION("news") {
    CHECK(talk.hear("* STATUS Junk (UIDNEXT 5)\r\n* 4 EXISTS\r\n") == "done");
    CHECK(talk.session.statuses().size() == 1);
    CHECK(talk.session.mailbox().messages == 4);
  }
  SECTION("a reply") {
    CHECK(talk.hear("A1 OK again\r\n") == "protocol-error");
  }
  SECTION("a continuation") {
    CHECK(talk.hear("+ go on\r\n") == "protocol-error");
  }
  SECTION("the end") {
    CHECK(talk.hang_up() == "connection-lost");
  }
}

TEST_CASE("messages are fetched by UID, their telling fields or a section") {
  OpenInbox talk;
  const auto [sent, answer] = GENERATE(values<std::pair<std::string, std::string>>(
      {{fmt::format("UID FETCH 10:* {}", kFields), "BODY[HEADER.FIELDS (FROM)]"},
       {fmt::format("UID FETCH 10,12 {}", kFields), "BODY[HEADER.FIELDS (FROM)]"},
       {"UID FETCH 10 (UID INTERNALDATE BODY.PEEK[HEADER]<0.65536>)", "BODY[HEADER]<0>"},
       {"UID FETCH 10 (UID INTERNALDATE BODY.PEEK[]<0.65536>)", "BODY[]<0>"}}));
  CAPTURE(sent);
  if (sent.find("10:*") != std::string::npos) talk.session.fetch_from(10);
  if (sent.find("10,12") != std::string::npos) talk.session.fetch_headers_of({10, 12});
  if (sent.find("[HEADER]") != std::string::npos) talk.session.fetch_section(10, imap::Section::header);
  if (sent.find("[]") != std::string::npos) talk.session.fetch_section(10, imap::Section::whole);
  CHECK(
      talk.hear(fmt::format("* 4 FETCH (UID 10 {} {{9}}\r\nFrom: a\r\n INTERNALDATE \"01-Jan-1970 00:01:00 +0000\")\r\n"
                            "A2 OK\r\n",
                            answer)) == "done");
  CHECK(talk.take() == "A2 " + sent + "\r\n");
  REQUIRE(talk.session.messages().size() == 1);
  const imap::Message& message = talk.session.messages()[0];
  CHECK(message.uid == 10U);
  CHECK(message.received.has_value());
  CHECK((answer.ends_with("<0>") ? message.content : message.header) == "From: a\r\n");
  CHECK((answer.ends_with("<0>") ? message.header : message.content).empty());
}

TEST_CASE("what was not asked for is no message") {
  OpenInbox talk;
  talk.session.fetch_from(10);
  CHECK(talk.hear("* 1 FETCH (FLAGS (\\Seen))\r\n"
                  "* 2 FETCH (UID 9 FLAGS (\\Seen) MODSEQ (5))\r\n"
                  "* 4 FETCH (INTERNALDATE \"01-Jan-1970 00:01:00 +0000\" BODY[HEADER.FIELDS (FROM)] \"a\")\r\n"
                  "A2 OK\r\n") == "done");
  CHECK(talk.session.messages().empty());
  CHECK_FALSE(talk.session.has_left_messages_out());
}

TEST_CASE("several responses for one UID are one message") {
  OpenInbox talk;
  talk.session.fetch_from(10);
  CHECK(talk.hear("* 4 FETCH (UID 10 INTERNALDATE \"01-Jan-1970 00:01:00 +0000\")\r\n"
                  "* 5 FETCH (UID 11 BODY[HEADER.FIELDS (FROM)] \"b\")\r\n"
                  "* 4 FETCH (UID 10 BODY[HEADER.FIELDS (FROM)] \"a\")\r\n"
                  "* 4 FETCH (UID 10 FLAGS (\\Seen))\r\n"
                  "* 5 FETCH (UID 11 BODY[HEADER.FIELDS (FROM)] \"b\" INTERNALDATE \"soon\")\r\n"
                  "A2 OK\r\n") == "done");
  REQUIRE(talk.session.messages().size() == 2);
  CHECK(talk.session.messages()[0].header == "a");
  CHECK(talk.session.messages()[0].received.has_value());
  CHECK(talk.session.messages()[1].header == "b");  // its date cannot be read
  CHECK_FALSE(talk.session.messages()[1].received.has_value());
  talk.session.fetch({.messages = {1, 2}});  // by number a response is a message
  CHECK(talk.hear("* 1 FETCH (INTERNALDATE \"01-Jan-1970 00:01:00 +0000\")\r\n"
                  "* 2 FETCH (INTERNALDATE \"01-Jan-1970 00:01:00 +0000\")\r\nA3 OK\r\n") == "done");
  CHECK(talk.session.messages().size() == 2);
}

TEST_CASE("a flood of messages is bounded in number and size, and that is told") {
  OpenInbox talk;
  const std::string text(60'000, 'x');
  talk.session.fetch_from(1);
  for (int i = 1; i <= 80; ++i) {
    CHECK(talk.hear(fmt::format("* {} FETCH (UID {} BODY[] {{{}}}\r\n{})\r\n", i, i, text.size(), text)) == "more");
  }
  CHECK(talk.hear("A2 OK\r\n") == "done");
  CHECK(talk.session.messages().size() == 69);  // 4 MiB
  CHECK(talk.session.has_left_messages_out());
  talk.session.fetch_from(1);
  std::string flood;
  for (int i = 1; i <= 1001; ++i) flood += fmt::format("* {} FETCH (UID {} BODY[] \"a\")\r\n", i, i);
  CHECK(talk.hear(flood) == "more");
  CHECK(talk.session.messages().size() == 1000);
  CHECK(talk.session.has_left_messages_out());
  CHECK(talk.hear("A3 OK\r\n") == "done");
  talk.session.fetch_section(1, imap::Section::header);
  CHECK_FALSE(talk.session.has_left_messages_out());
}

TEST_CASE("clean-up names exactly its messages") {
  OpenInbox talk;
  talk.session.store_deleted({10, 12});
  CHECK(talk.hear("A2 OK\r\n") == "done");
  CHECK(talk.take() == "A2 UID STORE 10,12 +FLAGS.SILENT (\\Deleted)\r\n");
  talk.session.expunge({10, 12});
  CHECK(talk.hear("* 2 EXPUNGE\r\nA3 OK\r\n") == "done");
  CHECK(talk.take() == "A3 UID EXPUNGE 10,12\r\n");
  CHECK(talk.session.mailbox().messages == 2);
  talk.session.expunge_all();
  CHECK(talk.hear("A4 NO [NOPERM] no\r\n") == "mailbox-unusable");
  CHECK(talk.take() == "A4 EXPUNGE\r\n");
  CHECK(talk.error.stage == Stage::cleanup);
  talk.session.store_deleted({10});
  CHECK(talk.hear("A5 NO read-only\r\n") == "command-refused");
}

TEST_CASE("MOVE tells what became of the messages, in an untagged OK or a tagged one") {
  OpenInbox talk;
  const std::string answer = GENERATE(as<std::string>{}, "* OK [COPYUID 7 10,12 3:4] Moved\r\n* 2 EXPUNGE\r\nA2 OK\r\n",
                                      "* 2 EXPUNGE\r\nA2 OK [COPYUID 7 10,12 3:4] Moved\r\n",
                                      "* OK [COPYUID 7 10,12 3:4]\r\nA2 OK [COPYUID 7]\r\n");
  CAPTURE(answer);
  talk.session.move({10, 12}, "Deleted Items");
  CHECK(talk.hear(answer) == "done");
  CHECK(talk.take() == "A2 UID MOVE 10,12 \"Deleted Items\"\r\n");
  REQUIRE(talk.session.copied());
  CHECK(talk.session.copied()->uid_validity == 7);
  CHECK(talk.session.copied()->from == Numbers{10, 12});
  CHECK(talk.session.copied()->to == Numbers{3, 4});
  talk.session.move({11}, "Trash");
  CHECK(talk.hear("A3 OK\r\n") == "done");
  CHECK_FALSE(talk.session.copied().has_value());
}

TEST_CASE("a code COPYUID at another time says nothing") {
  OpenInbox talk;
  talk.session.noop();
  CHECK(talk.hear("* OK [COPYUID 7 1 1]\r\nA2 OK\r\n") == "done");
  CHECK_FALSE(talk.session.copied().has_value());
}
