#include "imap/uid_set.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_copy_uid;
using imap::read_set;
using Numbers = std::vector<std::uint64_t>;

TEST_CASE("a set is written as a list") {
  CHECK(imap::write_set({7}) == "7");
  CHECK(imap::write_set({4294967295, 1, 2}) == "4294967295,1,2");
}

TEST_CASE("a server's set is read in its order, ranges from either end") {
  CHECK(read_set("5") == Numbers{5});
  CHECK(read_set("304,319:321,7") == Numbers{304, 319, 320, 321, 7});
  CHECK(read_set("321:319") == Numbers{319, 320, 321});
  CHECK(read_set("9:9") == Numbers{9});
  CHECK(read_set("4294967295") == Numbers{4294967295});
}

TEST_CASE("a set without end is cut") {
  const auto huge = read_set("3,1:4294967295,7");
  REQUIRE(huge);
  CHECK(huge->size() == 1000);
  CHECK(huge->back() == 999);
}

TEST_CASE("a set that is none is refused") {
  for (const std::string_view text :
       {"", ",", "1,", ",1", "1,,2", "0", "0:5", "*", "1:*", "1:", ":1", "1:2:3", "a", "-1", "1 2", "4294967296"}) {
    CAPTURE(text);
    CHECK_FALSE(read_set(text).has_value());
  }
}

TEST_CASE("COPYUID pairs two sets") {
  const auto copied = parse_copy_uid("38505 304,319:320 3956:3958");
  REQUIRE(copied);
  CHECK(copied->uid_validity == 38505);
  CHECK(copied->from == Numbers{304, 319, 320});
  CHECK(copied->to == Numbers{3956, 3957, 3958});
}

TEST_CASE("COPYUID whose sets do not pair, or that is cut, is refused") {
  for (const std::string_view text :
       {"", "5", "5 1", "5 1 ", " 1 1", "x 1 1", "5 1:2 1", "5 1 1:2", "5 1 1 1", "5 * 1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_copy_uid(text).has_value());
  }
}
