#include "base/printable.h"

#include "support/catch2.h"

using namespace mailcheck::base;

TEST_CASE("peer text loses everything that breaks a line of plugin output") {
  CHECK(printable("  250 ok\r\n") == "250 ok");
  CHECK(printable("a|b") == "a/b");
  CHECK(printable("<script>") == "[script]");
  CHECK(printable("a\r\n\tb") == "a b");
  CHECK(printable(std::string_view("a\0b", 3)) == "a b");
  CHECK(printable("\x1b[31mred") == "[31mred");
  CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(printable("caf\xe9") == "caf?");
  CHECK(printable("a\xe2\x80\xae"
                  "b") == "a b");  // right-to-left override
  CHECK(printable("a\xd8\x9c"
                  "b") == "a b");             // Arabic letter mark
  CHECK(printable("\xed\xa0\x80") == "???");  // surrogate
  CHECK(printable("\xc0\xaf") == "??");       // overlong
  CHECK(printable("\xf0\x9f\x93\xa7") == "\xf0\x9f\x93\xa7");
}

TEST_CASE("long peer text is cut at a character border") {
  CHECK(printable(std::string(300, 'x'), 10) == "xxxxxxxxxx...");
  CHECK(printable("\xc3\xa9\xc3\xa9\xc3\xa9", 5) == "\xc3\xa9\xc3\xa9...");
}

TEST_CASE("valid UTF-8 is known from what only looks like it") {
  for (const std::string_view good : {"", "a", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x93\xac", "a\xc3\xbc z"}) {
    CHECK(is_utf8(good));
  }
  for (const std::string_view bad :
       {"\xff", "\xfc", "\xc3", "a\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}
