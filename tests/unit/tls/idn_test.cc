#include "tls/idn.h"

#include "support/catch2.h"

using mailcheck::tls::is_ip_address;
using mailcheck::tls::to_ascii;

TEST_CASE("a host name of ASCII passes as it is") {
  CHECK(to_ascii("Mail.example.test") == "Mail.example.test");
  CHECK(to_ascii("_dmarc.example.test") == "_dmarc.example.test");
  CHECK(to_ascii("2001:db8::1") == "2001:db8::1");
}

TEST_CASE("one trailing dot is removed, in ASCII and in UTF-8") {
  CHECK(to_ascii("mx.test.") == "mx.test");
  CHECK(to_ascii("b\xc3\xbc"
                 "cher.test.") == "xn--bcher-kva.test");
}

TEST_CASE("an internationalised name becomes A-labels, capitals mapped") {
  CHECK(to_ascii("b\xc3\xbc"
                 "cher.test") == "xn--bcher-kva.test");
  CHECK(to_ascii("B\xc3\x9c"
                 "CHER.test") == "xn--bcher-kva.test");
  CHECK(to_ascii("fa\xc3\x9f.test") == "xn--fa-hia.test");
}

TEST_CASE("names that would match too much or nothing are refused") {
  for (const char* name : {"", ".", ".example.test", "..", "a\xff.test"}) {
    INFO(name);
    const auto result = to_ascii(name);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == mailcheck::base::ErrorKind::local);
  }
  CHECK_FALSE(to_ascii(std::string_view("a\0b", 3)).has_value());
}

TEST_CASE("IP addresses are told from names") {
  CHECK(is_ip_address("127.0.0.1"));
  CHECK(is_ip_address("::1"));
  CHECK_FALSE(is_ip_address("127.0.0.1.example.test"));
  CHECK_FALSE(is_ip_address("[::1]"));
  CHECK_FALSE(is_ip_address(""));
}
