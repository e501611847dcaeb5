// Whole dialogues by driving next(): greeting, capabilities, STARTTLS, the mailbox, good-bye, and what may go wrong.
#include "imap/session.h"

#include "unit/imap/conversation.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using base::Stage;
using Texts = std::vector<std::string>;

TEST_CASE("a session goes from greeting to good-bye") {
  Conversation talk;
  talk.session.expect_greeting();
  CHECK(talk.go() == "more");
  CHECK(talk.hear("* OK ready\r\n") == "done");
  CHECK(talk.session.greeting().line == "* OK ready");
  talk.session.capability();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 CAPABILITY\r\n");
  CHECK(talk.hear("* CAPABILITY IMAP4rev1 QUOTA ESEARCH\r\nA1 OK\r\n") == "done");
  CHECK(talk.session.capabilities().has("QUOTA"));
  talk.session.login("probe", base::Secret("hunter2"));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A2 LOGIN probe hunter2\r\n");
  CHECK(talk.hear("* CAPABILITY IMAP4rev1 ESEARCH\r\nA2 OK in\r\n") == "done");
  CHECK_FALSE(talk.session.capabilities().has("QUOTA"));
  talk.session.open("Sent Items", imap::OpenMode::examine);
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A3 EXAMINE \"Sent Items\"\r\n");
  CHECK(talk.hear("* 12 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 13] x\r\n") == "more");
  CHECK(talk.hear("A3 OK [READ-ONLY] done\r\n") == "done");
  CHECK(talk.session.mailbox().messages == 12);
  CHECK(talk.session.mailbox().uid_validity == 7U);
  CHECK(talk.session.mailbox().uid_next == 13U);
  CHECK(talk.session.mailbox().is_read_only);
  talk.session.logout();
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A4 LOGOUT\r\n");
  CHECK(talk.hear("* BYE bye\r\nA4 OK\r\n") == "done");
  CHECK(talk.shown.find("hunter2") == std::string::npos);
}

TEST_CASE("a dialogue is the same by byte") {
  Conversation talk;
  talk.session.expect_greeting();
  std::string last;
  for (const char c : std::string_view("* OK [CAPABILITY A B] hello\r\n")) last = talk.hear(std::string_view(&c, 1));
  CHECK(last == "done");
  CHECK(talk.session.capabilities().names() == Texts{"A", "B"});
}

TEST_CASE("a greeting may be OK or PREAUTH, and nothing else") {
  struct Row {
    std::string_view line;
    std::string_view outcome;
  };
  const auto row = GENERATE(values<Row>({{"* OK ready", "done"},
                                         {"* ok", "done"},
                                         {"* PREAUTH hello", "done"},
                                         {"* BYE [UNAVAILABLE] too busy", "greeting"},
                                         {"* NO", "greeting"},
                                         {"* BAD go", "greeting"},
                                         {"220 mail ESMTP", "greeting"},
                                         {"+OK POP3", "greeting"},
                                         {"A1 OK hello", "greeting"},
                                         {"* 12 EXISTS", "greeting"},
                                         {"", "greeting"},
                                         {"SSH-2.0-OpenSSH_9.2", "greeting"}}));
  CAPTURE(row.line);
  Conversation talk;
  talk.session.expect_greeting();
  CHECK(talk.hear(std::string(row.line) + "\r\n") == row.outcome);
  if (row.outcome != "done") {
    CHECK(talk.error.stage == Stage::greeting);
  }
}

TEST_CASE("PREAUTH is told, not acted on") {
  Conversation talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("* PREAUTH [CAPABILITY X] hi\r\n") == "done");
  CHECK(talk.session.greeting().condition == imap::Condition::preauth);
  CHECK(talk.session.greeting().line == "* PREAUTH [CAPABILITY X] hi");
}

TEST_CASE("Dovecot's word of waiting is no greeting yet") {
  Conversation talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("* OK Waiting for authentication process to respond..\r\n") == "more");
  CHECK(talk.hear("* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n") == "done");
  CHECK(talk.session.greeting().line == "* OK [CAPABILITY IMAP4rev1] Dovecot ready.");
}

TEST_CASE("a connection that closes is told by what came before") {
  Conversation silent;
  silent.session.expect_greeting();
  CHECK(silent.hang_up() == "greeting");

  Conversation short_banner;
  short_banner.session.expect_greeting();
  CHECK(short_banner.hear("* OK rea") == "more");
  CHECK(short_banner.hang_up() == "connection-lost");
  CHECK(short_banner.error.peer_text == "* OK rea");

  Conversation closed;
  closed.greet();
  closed.session.capability();
  CHECK(closed.hang_up() == "connection-lost");
  CHECK(closed.error.stage == Stage::capability);
  CHECK_FALSE(closed.error.is_answered);
}

TEST_CASE("what came before the end still counts") {
  Conversation talk;
  talk.greet();
  talk.session.capability();
  talk.session.receive("* CAPABILITY X\r\nA1 OK\r\n");
  talk.session.end_of_input();
  CHECK(talk.go() == "done");
}

TEST_CASE("a BYE at any stage is the server's good-bye, in its words") {
  const Stage stage = GENERATE(Stage::capability, Stage::starttls, Stage::auth, Stage::select, Stage::list,
                               Stage::search, Stage::fetch, Stage::quota);
  CAPTURE(base::to_string(stage));
  Conversation talk;
  talk.greet();
  switch (stage) {
    case Stage::capability: talk.session.capability(); break;
    case Stage::starttls: talk.session.starttls(); break;
    case Stage::auth: talk.session.login("a", base::Secret("b")); break;
    case Stage::select: talk.session.open("INBOX", imap::OpenMode::examine); break;
    case Stage::list: talk.session.list("a"); break;
    case Stage::search: talk.session.search(*imap::SearchCriteria::parse("ALL"), imap::Numbers::uid); break;
    case Stage::fetch: talk.session.fetch({.messages = {1}}); break;
    default: talk.session.quota("INBOX"); break;
  }
  CHECK(talk.go() == "more");
  // at once: a tagged reply need not come
  CHECK(talk.hear("* BYE [UNAVAILABLE] shutting down\r\n") ==
        (stage == Stage::auth ? "auth-unavailable" : "connection-lost"));
  CHECK(talk.error.stage == stage);
  CHECK(talk.error.peer_text == "shutting down");
  CHECK(talk.error.peer_code == "BYE [UNAVAILABLE]");
  CHECK_FALSE(talk.error.is_answered);
}

TEST_CASE("a server that complains and goes is quoted") {
  struct Row {
    std::string_view complaint;
    std::string outcome, peer_code;
  };
  const auto row = GENERATE(values<Row>({
      {"* BAD internal server error", "auth-unavailable", "BAD"},  // nginx
      {"* NO [UNAVAILABLE] later", "auth-unavailable", "NO [UNAVAILABLE]"},
      {"* NO Login failed", "connection-lost", "NO"},
      {"* BAD what", "connection-lost", "BAD"},
  }));
  CAPTURE(row.complaint);
  Conversation talk;
  talk.greet();
  talk.session.login("probe", base::Secret("hunter2"));
  CHECK(talk.hear(std::string(row.complaint) + "\r\n") == "more");
  CHECK(talk.hang_up() == row.outcome);
  CHECK(talk.error.stage == Stage::auth);
  CHECK(talk.error.peer_code == row.peer_code);
  CHECK(row.complaint.ends_with(talk.error.peer_text));
  CHECK_FALSE(talk.error.peer_text.empty());
  CHECK_FALSE(talk.error.is_answered);
  CHECK_FALSE(talk.error.is_about_credentials);
}

TEST_CASE("a complaint of an earlier command does not explain the end") {
  Conversation talk;
  talk.greet();
  talk.session.capability();
  CHECK(talk.hear("* NO low on space\r\n* CAPABILITY X\r\nA1 OK\r\n") == "done");
  talk.session.login("probe", base::Secret("hunter2"));
  CHECK(talk.hang_up() == "connection-lost");
  CHECK(talk.error.peer_text.empty());
}

TEST_CASE("a server may close after LOGOUT's BYE without a tagged reply") {
  Conversation talk;
  talk.greet();
  talk.session.logout();
  CHECK(talk.hear("* BYE out\r\n") == "more");
  CHECK(talk.hang_up() == "done");
}

TEST_CASE("a tagged reply to another command is refused") {
  const std::string line = GENERATE(as<std::string>{}, "A2 OK", "a1 OK", "A11 OK", "A0 NO", "x BAD");
  CAPTURE(line);
  Conversation talk;
  talk.greet();
  talk.session.capability();
  CHECK(talk.hear("* CAPABILITY X\r\n" + line + " done\r\n") == "protocol-error");
  CHECK(talk.error.stage == Stage::capability);
}

TEST_CASE("a tag of the server's making stands in its words, not in ours") {
  Conversation talk;
  talk.greet();
  talk.session.login("a", base::Secret("hunter2"));
  CHECK(talk.hear("hunter2 OK done\r\n") == "protocol-error");
  CHECK(talk.error.detail.find("hunter2") == std::string::npos);
  CHECK(talk.error.peer_text == "hunter2 OK done");
}

TEST_CASE("a reply that is not IMAP is a protocol error with its words") {
  Conversation talk;
  talk.greet();
  talk.session.capability();
  CHECK(talk.hear("500 what\r\n") == "protocol-error");
  CHECK(talk.error.peer_text == "500 what");
}

TEST_CASE("a continuation at a wrong time is refused") {
  Conversation talk;
  talk.greet();
  talk.session.capability();
  CHECK(talk.hear("+ go on\r\n") == "protocol-error");
  talk = {};
  talk.session.expect_greeting();
  CHECK(talk.hear("+ go on\r\n") == "greeting");
  talk = {};
  talk.greet();
  talk.session.login("probe", base::Secret("hunter2"));
  CHECK(talk.hear("+ go on\r\n") == "protocol-error");
}

TEST_CASE("a literal waits for the server's go-ahead, and not with LITERAL+") {
  Conversation talk;
  talk.greet("IMAP4rev1");
  talk.session.login("probe", base::Secret("p\xc3\xa4ss"));
  CHECK(talk.go() == "more");
  CHECK(talk.take() == "A1 LOGIN probe {5}\r\n");
  CHECK(talk.hear("* OK still here\r\n") == "more");
  CHECK(talk.sent.empty());
  CHECK(talk.hear("+ go\r\n") == "more");
  CHECK(talk.take() == "p\xc3\xa4ss\r\n");
  CHECK(talk.hear("A1 OK\r\n") == "done");
  CHECK(talk.shown.find("ss") == std::string::npos);

  Conversation fast;
  fast.greet("IMAP4rev1 LITERAL+");
  fast.session.login("probe", base::Secret("p\xc3\xa4ss"));
  CHECK(fast.go() == "more");
  CHECK(fast.take() == "A1 LOGIN probe {5+}\r\np\xc3\xa4ss\r\n");
}

TEST_CASE("a literal that the server does not want is not sent") {
  Conversation talk;
  talk.greet("IMAP4rev1");
  talk.session.login("probe", base::Secret("p\xc3\xa4ss"));
  CHECK(talk.hear("A1 BAD no literals\r\n") == "command-refused");
  CHECK(talk.error.is_answered);
  CHECK(talk.take() == "A1 LOGIN probe {5}\r\n");
  talk.session.logout();
  CHECK(talk.hear("A2 OK\r\n") == "done");
  CHECK(talk.take() == "A2 LOGOUT\r\n");
}

TEST_CASE("bytes behind the go-ahead of STARTTLS are refused") {
  Conversation talk;
  talk.greet();
  talk.session.starttls();
  CHECK(talk.hear("A1 OK begin\r\n* CAPABILITY AUTH=PLAIN\r\n") == "starttls-injected");
  CHECK(talk.error.peer_text == "* CAPABILITY AUTH=PLAIN\r\n");
}

TEST_CASE("even half a line behind the go-ahead is refused") {
  Conversation talk;
  talk.greet();
  talk.session.starttls();
  CHECK(talk.hear("A1 OK begin\r\n\x16") == "starttls-injected");
}

TEST_CASE("an answer that came before STARTTLS was asked for is none") {
  const std::string early = GENERATE(as<std::string>{}, "A2 OK begin\r\n", "* OK still here\r\n", "A2 O", "\x15\x03");
  Conversation talk;
  talk.greet();
  talk.session.capability();
  REQUIRE(talk.hear("* CAPABILITY IMAP4rev1 STARTTLS\r\nA1 OK\r\n" + early) == "done");
  talk.take();
  talk.session.starttls();
  CHECK(talk.go() == "protocol-error");
  CHECK(talk.error.stage == Stage::starttls);
  CHECK(talk.error.detail == "the server spoke before it was asked");
  CHECK(talk.error.peer_text == early);
  CHECK(talk.take().empty());
}

TEST_CASE("STARTTLS forgets all capabilities, those that come with its go-ahead too") {
  Conversation talk;
  talk.greet("IMAP4rev1 STARTTLS AUTH=PLAIN");
  talk.session.starttls();
  CHECK(talk.hear("* CAPABILITY FORGED\r\nA1 OK [CAPABILITY FORGED2] begin\r\n") == "done");
  CHECK_FALSE(talk.session.capabilities().is_known());
  talk.session.tls_started();
  CHECK_FALSE(talk.session.capabilities().is_known());
}

TEST_CASE("a refused STARTTLS says so") {
  Conversation talk;
  talk.greet();
  talk.session.starttls();
  CHECK(talk.hear("A1 NO no certificate\r\n") == "starttls-refused");
  CHECK(talk.error.peer_text == "no certificate");
}

TEST_CASE("a capability reply without capabilities is refused") {
  Conversation talk;
  talk.greet();
  talk.session.capability();
  CHECK(talk.hear("A1 OK done\r\n") == "protocol-error");
}

TEST_CASE("alerts and referrals are kept, a flood of them is not") {
  Conversation talk;
  talk.greet();
  talk.session.capability();
  std::string flood =
      "* OK [ALERT] disk full soon\r\n* NO [WEBALERT http://x/] y\r\n* NO [REFERRAL imap://b/] gone\r\n";
  for (int i = 0; i < 100; ++i) flood += "* OK [ALERT] again\r\n* OK [REFERRAL imap://c/] x\r\n";
  CHECK(talk.hear(flood + "* CAPABILITY X\r\nA1 OK\r\n") == "done");
  CHECK(talk.session.alerts().at(0) == "[ALERT] disk full soon");
  CHECK(talk.session.alerts().at(1) == "[WEBALERT http://x/] y");
  CHECK(talk.session.referrals().at(0) == "imap://b/");
  CHECK(talk.session.alerts().size() == 16);
  CHECK(talk.session.referrals().size() == 16);
}

TEST_CASE("unknown untagged replies are skipped at any time") {
  Conversation talk;
  talk.greet();
  talk.session.open("INBOX", imap::OpenMode::select);
  CHECK(talk.hear("* X-UNKNOWN (a (b {5}\r\nA1 OK) \"d\")\r\n* 3 EXPUNGE\r\n* VANISHED 1:2\r\n* FLAGS (\\Seen)\r\n"
                  "* 1 FETCH (FLAGS (\\Seen))\r\n* SEARCH\r\n* 9 EXISTS\r\n* 8 EXISTS\r\nA1 OK [READ-WRITE]\r\n") ==
        "done");
  CHECK(talk.take() == "A1 SELECT INBOX\r\n");
  CHECK(talk.session.mailbox().messages == 8);
  CHECK_FALSE(talk.session.mailbox().is_read_only);
}

TEST_CASE("a mailbox that is opened without a number of messages is refused, also the second time") {
  Conversation talk;
  talk.greet();
  talk.session.open("INBOX", imap::OpenMode::examine);
  CHECK(talk.hear("* 9 EXISTS\r\nA1 OK\r\n") == "done");
  talk.session.open("INBOX", imap::OpenMode::examine);
  CHECK(talk.hear("A2 OK\r\n") == "protocol-error");
}

TEST_CASE("lines that end in LF alone are tolerated, and told once") {
  Conversation talk;
  talk.session.expect_greeting();
  CHECK(talk.hear("* OK hi\n") == "done");
  talk.session.capability();
  CHECK(talk.hear("* CAPABILITY X\nA1 OK\n") == "done");
  CHECK(talk.session.quirks().size() == 1);
}

TEST_CASE("a session that has nothing to do is done") {
  Conversation talk;
  CHECK(talk.go() == "done");
}

TEST_CASE("the words of an error hold the whole reply, so that secrets in it can still be found") {
  std::string echo(195, 'x');
  echo += "hunter2-hunter2";
  Conversation talk;
  talk.greet();
  talk.session.capability();
  CHECK(talk.hear(echo + "\r\n") == "protocol-error");
  CHECK(talk.error.peer_text.find("hunter2-hunter2") != std::string::npos);
}
