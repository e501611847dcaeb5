#include "mail/address.h"

#include "support/catch2.h"

using mailcheck::mail::Address;
using mailcheck::mail::is_domain;

TEST_CASE("an address has a local part and a domain") {
  const auto address = Address::parse("user@example.org");
  REQUIRE(address);
  CHECK(address->text() == "user@example.org");
  CHECK(address->local_part() == "user");
  CHECK(address->domain() == "example.org");
  CHECK(address->is_ascii());
}

TEST_CASE("every form of RFC 5321 is an address") {
  const auto* text =
      GENERATE("a@b", "first.last+tag@example.org", "o'neil@example.org", "user@[192.0.2.1]", "user@[IPv6:2001:db8::1]",
               "\"a b\"@example.org", "\"a@b\"@example.org", "\"a\\\"b\"@example.org", "postmaster", "\"\"@example.org",
               "user.@docomo.example", "_dmarc@sub_domain.example");
  CAPTURE(text);
  CHECK(Address::parse(text));
}

TEST_CASE("the domain behind a quoted local part begins at the last @") {
  const auto address = Address::parse("\"a@b\"@example.org");
  REQUIRE(address);
  CHECK(address->local_part() == "\"a@b\"");
  CHECK(address->domain() == "example.org");
}

TEST_CASE("a local part alone has no domain") {
  CHECK(Address::parse("postmaster").value().domain().empty());
}

TEST_CASE("what is not one address is refused") {
  const auto* text = GENERATE("", "@example.org", "user@", "a@b,c@d", "a@b c@d", "<user@example.org>", "User <a@b>",
                              "a b@example.org", "a@b@c", "a@b\r\nRCPT TO:<x@y>", "a\n@b", "a@b\n", "\"a@b",
                              "\"a\"b@example.org", "a@-b.example", "a@b-.example", "a@b..example", "a@.example",
                              "a@b.", "\"a\rb\"@example.org", "\"a\\\rb\"@example.org", "a@[1.2.3.4", "a@[]", "a@[1>2]",
                              "\"a\\", "a\x7f@b", "a@b\xff", "\xc3@b", "(c)a@b", "a@@b", "\"", "\"\\\"");
  CAPTURE(text);
  CHECK_FALSE(Address::parse(text));
}

TEST_CASE("NUL is refused everywhere") {
  CHECK_FALSE(Address::parse(std::string_view("a\0@b", 4)));
  CHECK_FALSE(Address::parse(std::string_view("a@b\0", 4)));
  CHECK_FALSE(Address::parse(std::string_view("\"\0\"@b", 5)));
  CHECK_FALSE(Address::parse(std::string_view("\"\\\0\"@b", 6)));
}

TEST_CASE("254 bytes are the longest") {
  const std::string domain = "@" + std::string(60, 'd') + ".example";
  CHECK(Address::parse(std::string(254 - domain.size(), 'u') + domain));
  CHECK_FALSE(Address::parse(std::string(255 - domain.size(), 'u') + domain));
  CHECK_FALSE(Address::parse("u@" + std::string(64, 'd')));
}

TEST_CASE("UTF-8 makes an address that is not ASCII") {
  CHECK_FALSE(Address::parse("jürgen@example.org").value().is_ascii());
  CHECK_FALSE(Address::parse("user@exämple.org").value().is_ascii());
}

TEST_CASE("a domain is labels or a literal") {
  CHECK(is_domain("mail.example.org"));
  CHECK(is_domain("localhost"));
  CHECK(is_domain("[127.0.0.1]"));
  CHECK_FALSE(is_domain("mail example"));
  CHECK_FALSE(is_domain("mail.example\r\nRSET"));
  CHECK_FALSE(is_domain(""));
}
