#include "imap/list.h"

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_list;
using Texts = std::vector<std::string>;

TEST_CASE("a LIST response is attributes, a separator and a name") {
  struct Row {
    std::string_view data;
    Texts attributes;
    std::string_view name;
  };
  const auto row = GENERATE(values<Row>({
      {"() \"/\" INBOX", {}, "INBOX"},
      {"(\\HasNoChildren \\Sent) \"/\" \"Sent Items\"", {"\\HasNoChildren", "\\Sent"}, "Sent Items"},
      {"( \\Noselect ) NIL \"\"", {"\\Noselect"}, ""},
      {"() nil {3}\r\na)b", {}, "a)b"},
      {"() \"\\\\\" \"a\\\"b\"", {}, "a\"b"},
      {"() \"/\" Foo(bar)", {}, "Foo(bar)"},  // not quoted, as it should be
      {"() \"/\" [Gmail]/Spam", {}, "[Gmail]/Spam"},
      {"(\\Subscribed) \".\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))", {"\\Subscribed"}, "a"},  // RFC 5258
      {"() \"/\" Entw&APw-rfe", {}, "Entw&APw-rfe"},
  }));
  CAPTURE(row.data);
  const auto mailbox = parse_list(row.data);
  REQUIRE(mailbox);
  CHECK(mailbox->attributes == row.attributes);
  CHECK(mailbox->name == row.name);
}

TEST_CASE("a LIST response that is not whole is malformed") {
  for (const std::string_view data : {"", "INBOX", "(", "(\\a", "(\\a) \"/\"", "(\\a) \"/\" ", "(\\a)\"/\" a", "() / a",
                                      "() \"/\" {9}\r\na", "((a)) \"/\" a", "(\"a) \"/\" b"}) {
    CAPTURE(data);
    CHECK_FALSE(parse_list(data).has_value());
  }
}

TEST_CASE("more attributes than any server has make a LIST response malformed") {
  const auto with_attributes = [](int count) {
    std::string data = "(";
    for (int i = 0; i < count; ++i) data += "\\a ";
    return parse_list(data + ") \"/\" a");
  };
  REQUIRE(with_attributes(64));
  CHECK(with_attributes(64)->attributes.size() == 64);
  CHECK_FALSE(with_attributes(65));
}

TEST_CASE("a mailbox exists unless an attribute says otherwise") {
  CHECK(imap::exists({.name = "a", .attributes = {"\\HasChildren"}}));
  CHECK_FALSE(imap::exists({.name = "a", .attributes = {"\\HasChildren", "\\nonexistent"}}));
}
