#include "imap/fetch.h"

#include <fmt/format.h>

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_fetch;

TEST_CASE("the items that were asked for are read in any order, others are skipped") {
  const std::string_view data =
      GENERATE(as<std::string_view>{},
               "(UID 40 INTERNALDATE \"01-Jan-1970 00:01:00 +0000\" RFC822.SIZE 512 BODY[HEADER.FIELDS (DATE FROM)] "
               "{9}\r\nFrom: a\r\n)",
               "(BODY[HEADER.FIELDS (\"DATE\" \"FROM\")] {9}\r\nFrom: a\r\n RFC822.SIZE 512 UID 40 INTERNALDATE \" "
               "1-Jan-1970 00:01:00 +0000\")",
               "( UID 40 FLAGS (\\Seen $x) MODSEQ (12) rfc822.size 512 internaldate \"01-Jan-1970 00:01:00 +0000\" "
               "ENVELOPE (NIL \"a)\" ((NIL NIL \"x\" NIL))) body[header.fields (DATE FROM)] {9+}\r\nFrom: a\r\n )",
               "(FLAGS ($Label[1) UID 40 RFC822.SIZE 512 INTERNALDATE {26}\r\n01-Jan-1970 00:01:00 +0000 "
               "BODY[HEADER.FIELDS (X)] "
               "{9}\r\nFrom: a\r\n)");
  CAPTURE(data);
  const auto message = parse_fetch(7, data);
  REQUIRE(message);
  CHECK(message->sequence == 7);
  CHECK(message->uid == 40U);
  CHECK(message->size == 512U);
  REQUIRE(message->received);
  CHECK(message->received->time_since_epoch().count() == 60);
  CHECK(message->header == "From: a\r\n");
}

TEST_CASE("a header that looks like the protocol stays a header") {
  const auto message = parse_fetch(1, "(BODY[HEADER.FIELDS (X)] {21}\r\n)\r\nA1 OK done\r\n UID 9 UID 5)");
  REQUIRE(message);
  CHECK(message->header == ")\r\nA1 OK done\r\n UID 9");
  CHECK(message->uid == 5U);
}

TEST_CASE("items may be absent, or nothing") {
  CHECK_FALSE(parse_fetch(1, "()")->uid.has_value());
  CHECK_FALSE(parse_fetch(1, "(FLAGS ())")->received.has_value());
  CHECK(parse_fetch(1, "(BODY[HEADER.FIELDS (DATE)] NIL)")->header.empty());
  CHECK(parse_fetch(1, "(BODY[HEADER.FIELDS (DATE)] \"\")")->header.empty());
}

TEST_CASE("a date that cannot be read is a date that is not there") {
  const auto message = parse_fetch(1, "(INTERNALDATE \"yesterday\" UID 5)");
  REQUIRE(message);
  CHECK_FALSE(message->received.has_value());
  CHECK(message->uid == 5U);
  REQUIRE(parse_fetch(1, "(INTERNALDATE \"aaaaaaaaaaaaaaaaaaaaaaaaaa\")"));
}

TEST_CASE("a header of a hostile length is cut between lines, never in one") {
  const auto header_of = [](const std::string& text) {
    return parse_fetch(1, fmt::format("(BODY[HEADER.FIELDS (X)] {{{}}}\r\n{})", text.size(), text))->header;
  };
  CHECK(header_of(fmt::format("{:a>3000}\r\n{:b>3000}\r\n", "", "")) == fmt::format("{:a>3000}\r\n", ""));
  CHECK(header_of(fmt::format("{:a>4094}\r\nX: y\r\n", "")) == fmt::format("{:a>4094}\r\n", ""));
  CHECK(header_of(fmt::format("{:a>4095}\r\nX: y\r\n", "")).empty());
  CHECK(header_of(std::string(4096, 'a')) == std::string(4096, 'a'));
  CHECK(header_of(std::string(5000, 'a')).empty());
}

TEST_CASE("a section is content, whether the server cuts it or not") {
  for (const std::string_view name : {"BODY[HEADER]", "BODY[HEADER]<0>", "body[header]<0>", "BODY[]", "BODY[]<0>"}) {
    CAPTURE(name);
    const auto message = parse_fetch(1, fmt::format("({} {{9}}\r\nFrom: a\r\n UID 5)", name));
    REQUIRE(message);
    CHECK(message->content == "From: a\r\n");
    CHECK(message->header.empty());
    CHECK(message->uid == 5U);
    CHECK(parse_fetch(1, fmt::format("(UID 5 {} NIL)", name))->content.empty());
    CHECK(parse_fetch(1, fmt::format("(UID 5 {} \"\")", name))->content.empty());
    CHECK_FALSE(parse_fetch(1, fmt::format("(UID 5 {} 5)", name)).has_value());
  }
  for (const std::string_view name : {"BODY[TEXT]", "BODY[1]<0>", "BODY[HEADER.FIELDS.NOT", "BODY[1.HEADER]"}) {
    CAPTURE(name);
    CHECK(parse_fetch(1, fmt::format("({} \"a\")", name)).value_or(imap::Message{}).content.empty());
  }
}

TEST_CASE("a section is kept up to 64 KiB, and ends with a line where it was cut") {
  const auto content_of = [](const std::string& text) {
    return parse_fetch(1, fmt::format("(BODY[]<0> {{{}}}\r\n{})", text.size(), text))->content;
  };
  CHECK(content_of(std::string(65535, 'a')).size() == 65535);
  CHECK(content_of("X\r\n" + std::string(65533, 'a')) == "X\r\n");  // the server's cut
  CHECK(content_of("X\r\n" + std::string(100'000, 'a') + "\r\n") == "X\r\n");
  CHECK(content_of(fmt::format("{:a<65534}\r\n", "")).size() == 65536);
}

TEST_CASE("a UID has 32 bits, a size 64") {
  CHECK(parse_fetch(1, "(UID 4294967295 RFC822.SIZE 18446744073709551615)")->uid == 4294967295U);
  CHECK_FALSE(parse_fetch(1, "(UID 4294967296)").has_value());
}

TEST_CASE("a FETCH response that is not whole is malformed") {
  const std::string abyss = "(X " + std::string(500, '(') + std::string(500, ')') + ")";
  for (const std::string_view data :
       {std::string_view(), std::string_view("UID 5"), std::string_view("(UID"), std::string_view("(UID 5"),
        std::string_view("(UID x)"), std::string_view("(UID)"), std::string_view("(RFC822.SIZE NIL)"),
        std::string_view("(INTERNALDATE 5)"), std::string_view("(BODY[HEADER.FIELDS (X)] {9}\r\nabc)"),
        std::string_view("(BODY[HEADER.FIELDS (X)] (a))"), std::string_view("(X (a)"), std::string_view(abyss)}) {
    CAPTURE(data);
    CHECK_FALSE(parse_fetch(1, data).has_value());
  }
}
