// What imap::Session makes of the answers to its questions, and how much of them it keeps.
#include "unit/imap/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::Stage;
using Numbers = std::vector<std::uint64_t>;

TEST_CASE("lists, searches, fetches and quotas give their results") {
  Conversation talk;
  talk.greet();
  talk.session.list("a*");
  CHECK(talk.hear("* LIST (\\Marked) \"/\" \"a*\"\r\n* LIST () \"/\" ab\r\nA1 OK\r\n") == "done");
  CHECK(talk.take() == "A1 LIST \"\" \"a*\"\r\n");
  CHECK(talk.session.listed().size() == 2);

  talk.session.search(*imap::SearchCriteria::parse("SUBJECT \"\xc3\xa4\""), imap::Numbers::uid);
  CHECK(talk.hear("+ go\r\n") == "more");
  CHECK(talk.take() == "A2 UID SEARCH CHARSET UTF-8 SUBJECT {2}\r\n\xc3\xa4\r\n");
  CHECK(talk.hear("* SEARCH 4 5\r\nA2 OK\r\n") == "done");
  CHECK(talk.session.found().numbers == Numbers{4, 5});

  talk.session.search_extent(*imap::SearchCriteria::parse("UNSEEN"), imap::Numbers::sequence);
  CHECK(talk.hear("* ESEARCH (TAG \"A3\") COUNT 7 MIN 1 MAX 9\r\nA3 OK\r\n") == "done");
  CHECK(talk.take() == "A3 SEARCH RETURN (COUNT MIN MAX) UNSEEN\r\n");
  CHECK(talk.session.found().count == 7);

  talk.session.fetch({.numbers = imap::Numbers::uid, .messages = {4, 5}, .items = imap::FetchRequest::Items::headers});
  CHECK(
      talk.hear(
          "* 1 FETCH (UID 4 INTERNALDATE \"01-Jan-1970 00:00:00 +0000\")\r\n* 2 FETCH (FLAGS (\\Seen))\r\nA4 OK\r\n") ==
      "done");
  CHECK(talk.take() ==
        "A4 UID FETCH 4,5 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM SUBJECT MESSAGE-ID)])\r\n");
  REQUIRE(talk.session.messages().size() == 1);
  CHECK(talk.session.messages()[0].uid == 4U);

  talk.session.quota("INBOX");
  CHECK(talk.hear("* QUOTAROOT INBOX \"\" b\r\n* QUOTA \"\" (STORAGE 1 2)\r\n* QUOTA b (MESSAGE 3 4)\r\nA5 OK\r\n") ==
        "done");
  CHECK(talk.take() == "A5 GETQUOTAROOT INBOX\r\n");
  CHECK(talk.session.resources().size() == 2);
}

TEST_CASE("several SEARCH lines are one answer") {
  Conversation talk;
  talk.greet();
  talk.session.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::sequence);
  CHECK(talk.hear("* SEARCH 4 5\r\n* SEARCH\r\n* SEARCH 2 9\r\nA1 OK\r\n") == "done");
  CHECK(talk.session.found().numbers == Numbers{4, 5, 2, 9});
  CHECK(talk.session.found().count == 4);
  CHECK(talk.session.found().lowest == 2U);
  CHECK(talk.session.found().highest == 9U);
}

TEST_CASE("a search without an answer found nothing, whatever the one before found") {
  Conversation talk;
  talk.greet();
  talk.session.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::sequence);
  CHECK(talk.hear("* SEARCH 4 5\r\nA1 OK\r\n") == "done");
  talk.session.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::sequence);
  CHECK(talk.hear("A2 OK\r\n") == "done");
  CHECK(talk.session.found().count == 0);
  CHECK(talk.session.found().numbers.empty());
}

TEST_CASE("malformed answers to what was asked are refused, the same at other times are not looked at") {
  struct Row {
    Stage stage;
    std::string_view line;
  };
  const auto row = GENERATE(values<Row>({{Stage::list, "* LIST (((("},
                                         {Stage::search, "* SEARCH 1 x"},
                                         {Stage::search, "* ESEARCH COUNT x"},
                                         {Stage::fetch, "* 1 FETCH (UID"},
                                         {Stage::quota, "* QUOTA \"\" (STORAGE 1)"}}));
  CAPTURE(row.line);
  Conversation talk;
  talk.greet();
  if (row.stage == Stage::list) talk.session.list("a");
  if (row.stage == Stage::search) talk.session.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::uid);
  if (row.stage == Stage::fetch) talk.session.fetch({.messages = {1}});
  if (row.stage == Stage::quota) talk.session.quota("a");
  CHECK(talk.hear(std::string(row.line) + "\r\n") == "protocol-error");
  CHECK(talk.error.stage == row.stage);

  Conversation elsewhere;
  elsewhere.greet();
  elsewhere.session.logout();
  CHECK(elsewhere.hear(std::string(row.line) + "\r\nA1 OK\r\n") == "done");
}

TEST_CASE("a flood of results is bounded") {
  Conversation talk;
  talk.greet();
  talk.session.fetch({.messages = {1}});
  std::string flood;
  for (int i = 0; i < 1500; ++i) flood += "* 1 FETCH (INTERNALDATE \"01-Jan-1970 00:00:00 +0000\")\r\n";
  CHECK(talk.hear(flood + "A1 OK\r\n") == "done");
  CHECK(talk.session.messages().size() == 1000);
  talk.session.quota("a");
  std::string quotas;
  for (int i = 0; i < 201; ++i) quotas += "* QUOTA r (STORAGE 1 2)\r\n";
  CHECK(talk.hear(quotas + "A2 OK\r\n") == "protocol-error");
}

TEST_CASE("a flood of mailboxes is bounded by what they would fill") {
  const std::string line = "* LIST () \"/\" " + std::string(50'000, 'x') + "\r\n";
  Conversation talk;
  talk.greet();
  std::string answer;
  for (int i = 0; i < 80; ++i) answer += line;
  talk.session.list("a");
  CHECK(talk.hear(answer + "A1 OK\r\n") == "done");
  CHECK(talk.session.listed().size() == 80);
  talk.session.list("a");  // the second list counts anew
  CHECK(talk.hear(answer + "A2 OK\r\n") == "done");
  talk.session.list("a");
  CHECK(talk.hear(answer + line + line + line + line) == "protocol-error");
}

TEST_CASE("the number of messages follows what is expunged and what arrives") {
  Conversation talk;
  talk.greet();
  talk.session.open("INBOX", imap::OpenMode::examine);
  CHECK(talk.hear("* 10 EXISTS\r\n* 3 EXPUNGE\r\nA1 OK\r\n") == "done");
  CHECK(talk.session.mailbox().messages == 9);
  talk.session.list("a");
  CHECK(talk.hear("* 9 EXPUNGE\r\n* 9 EXPUNGE\r\n* 0 EXPUNGE\r\n* EXPUNGE\r\nA2 OK\r\n") == "done");
  CHECK(talk.session.mailbox().messages == 8);  // what is not there cannot go
  talk.session.list("a");
  CHECK(talk.hear("* 1 EXPUNGE\r\n* 20 EXISTS\r\n* 20 EXPUNGE\r\nA3 OK\r\n") == "done");
  CHECK(talk.session.mailbox().messages == 19);
}

TEST_CASE("a FETCH of messages that are gone by then gives those that are not") {
  Conversation talk;
  talk.greet();
  talk.session.fetch({.messages = {1, 2}});
  CHECK(talk.hear("* 1 FETCH (INTERNALDATE \"01-Jan-1970 00:00:00 +0000\")\r\nA1 NO [EXPUNGEISSUED] gone\r\n") ==
        "done");
  CHECK(talk.session.messages().size() == 1);
  talk.session.fetch({.messages = {1, 2}});
  CHECK(talk.hear("A2 NO [SERVERBUG] no\r\n") == "command-refused");
  talk.session.list("a");
  CHECK(talk.hear("A3 NO [EXPUNGEISSUED] gone\r\n") == "command-refused");
}

TEST_CASE("only a search may be answered by a line of a megabyte") {
  const std::string numbers = "* SEARCH" + [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += " " + std::to_string(i + 1);
    return text;
  }() + "\r\n";
  REQUIRE(numbers.size() > 500'000);
  Conversation talk;
  talk.greet();
  talk.session.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::sequence);
  CHECK(talk.hear(numbers + "A1 OK\r\n") == "done");
  CHECK(talk.session.found().count == 100'000);
  talk.session.capability();
  CHECK(talk.hear(numbers) == "protocol-error");
}
