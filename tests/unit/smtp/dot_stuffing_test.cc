#include "smtp/dot_stuffing.h"

#include "support/catch2.h"

using namespace mailcheck::smtp;

TEST_CASE("a message ends with a lone dot") {
  CHECK(stuff_dots("") == ".\r\n");
  CHECK(stuff_dots("a\r\n") == "a\r\n.\r\n");
  CHECK(stuff_dots("a") == "a\r\n.\r\n");
}

TEST_CASE("a dot at the start of a line is doubled, elsewhere it stays") {
  CHECK(stuff_dots(".\r\n..\r\na.b\r\n.c") == "..\r\n...\r\na.b\r\n..c\r\n.\r\n");
}

TEST_CASE("no line end but CRLF reaches the wire, so that no mail can be smuggled") {
  CHECK(stuff_dots("a\n.\nMAIL FROM:<x>\n") == "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n");
  CHECK(stuff_dots("a\r.\rb") == "a\r\n..\r\nb\r\n.\r\n");
  CHECK(stuff_dots("a\r\r\n.") == "a\r\n\r\n..\r\n.\r\n");
  CHECK(stuff_dots("\n.\r") == "\r\n..\r\n.\r\n");
}

TEST_CASE("the declared size counts CRLF, but neither stuffing nor the final dot") {
  CHECK(transmitted_size("") == 0);
  CHECK(transmitted_size("ab\n.c") == 8);
  CHECK(transmitted_size("ab\r\n") == 4);
}

TEST_CASE("eight bits are seen") {
  CHECK_FALSE(has_eight_bit("abc\x7f"));
  CHECK(has_eight_bit("ü"));
}
