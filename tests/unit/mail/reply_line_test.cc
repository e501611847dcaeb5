#include "mail/reply_line.h"

#include "support/catch2.h"

using namespace mailcheck;
using mail::find_reply;
using mail::find_status;
using mail::join_reply;

TEST_CASE("a folded reply becomes one line") {
  CHECK(join_reply("550 5.1.1 No such\n   user\there ") == "550 5.1.1 No such user here");
  CHECK(join_reply("no code at all") == "no code at all");
  CHECK(join_reply("").empty());
  CHECK(join_reply(" \n ").empty());
  CHECK(join_reply("550") == "550");
}

TEST_CASE("the codes of further lines are dropped, other numbers are not") {
  CHECK(join_reply("550-5.1.1 No such\n550-5.1.1 user,\n550 5.1.1 sorry") == "550 5.1.1 No such user, sorry");
  CHECK(join_reply("550-No such 550 user") == "550 No such user");
  CHECK(join_reply("550-\n550-No such\n550 user") == "550 No such user");
  CHECK(join_reply("552 5.2.2 over 552 messages, 5.2.2 each") == "552 5.2.2 over 552 messages, 5.2.2 each");
  CHECK(join_reply("550 551-a 550-5") == "550 551-a 550 5");
  CHECK(join_reply("550: 5.2.2 full") == "550 5.2.2 full");
}

TEST_CASE("a reply is cut at 1,000 bytes") {
  CHECK(join_reply("550 " + std::string(5000, 'x')).size() == 1000);
  std::string many = "550";
  for (int i = 0; i < 5000; ++i) many += " x";
  CHECK(join_reply(many).size() == 1000);
}

TEST_CASE("a reply is found where others quote it") {
  CHECK(find_reply("host mx.example.net[192.0.2.25] said: 550 5.1.1 No such\n    user (in reply to RCPT TO command)") ==
        "550 5.1.1 No such user");
  CHECK(find_reply("Remote host said: 550 Unknown user\nGiving up on 192.0.2.25.") == "550 Unknown user");
  CHECK(find_reply("(reason: 550 5.1.1 <user@example.net>... User unknown (really))\n next") ==
        "550 5.1.1 <user@example.net>... User unknown (really)");
  CHECK(find_reply(">>> DATA\n<<< 550-5.1.1 No such\n<<< 550 5.1.1 user\n550 5.1.1 no more\n") ==
        "550 5.1.1 No such user");
  CHECK(find_reply("Remote Server returned '550 5.1.10 Not found'") == "550 5.1.10 Not found");
  CHECK(find_reply("#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##") ==
        "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found");
  CHECK(find_reply("The error was:\n450 try later\n\n550 5.1.1 of another paragraph") ==
        "550 5.1.1 of another paragraph");
  CHECK(find_reply("-- 5.4.1 Access denied. [x]\n\nmore") == "5.4.1 Access denied. [x]");
}

TEST_CASE("numbers in prose are no replies") {
  CHECK(find_reply("It was tried after 450 attempts on 550 servers").empty());
  CHECK(find_reply("port 4500, id 5501-a, 250 fine").empty());
  CHECK(find_reply("550").empty());
  CHECK(find_reply("").empty());
}

TEST_CASE("a status is a code, and no address or version") {
  CHECK(find_status("Sorry. (#5.1.1)") == "5.1.1");
  CHECK(find_status("550 5.7.606 banned") == "5.7.606");
  CHECK(find_status("see 4.2.2.") == "4.2.2");
  CHECK(find_status("5.1.1.2, 15.1.1, 5.1.1234, 3.1.1, 5.1, 5..1, v5.1.1, 5.1.1a, 192.5.1.1").empty());
}
