#include "authentication/domain_name.h"

#include "support/catch2.h"

using namespace mailcheck;
using authentication::canonical_domain;
using authentication::last_labels;

TEST_CASE("a domain is written as the DNS has it") {
  const auto [written, canonical] = GENERATE(table<std::string, std::string>({
      {"example.test", "example.test"},
      {"Mail.EXAMPLE.Test.", "mail.example.test"},
      {"bücher.example", "xn--bcher-kva.example"},
      {"BÜCHER.example", "xn--bcher-kva.example"},
      {"XN--Bcher-KVA.example", "xn--bcher-kva.example"},
      {"straße.example", "xn--strae-oqa.example"},
      {"例え。テスト", "xn--r8jz45g.xn--zckzah"},
      {"_spf.example.test", "_spf.example.test"},
      {"localhost", "localhost"},
      {"1.2.3.example", "1.2.3.example"},
  }));
  CAPTURE(written);
  CHECK(canonical_domain(written) == canonical);
}

TEST_CASE("what is no domain name is told") {
  const auto text = GENERATE(as<std::string>{}, "", ".", "..", "a..test", ".example.test", "a.test..", "192.0.2.1",
                             "[192.0.2.1]", "2001:db8::1", "[IPv6:2001:db8::1]", "a b.test", "a\\.b.test", "a@b.test",
                             "a/b.test", "\xff.test", "ü\xff.test", "a\n.test", std::string("a\0.test", 7),
                             std::string(64, 'a') + ".test", std::string(5000, 'a'));
  CAPTURE(text);
  CHECK_FALSE(canonical_domain(text));
}

TEST_CASE("what a conversion would swallow does not make a name") {
  CHECK(canonical_domain("b\xc2\xad\xc3\xbc.test") == "xn--b-eha.test");  // a soft hyphen
  std::string hyphens;
  for (int i = 0; i < 600; ++i) hyphens += "\xc2\xad";
  CHECK_FALSE(canonical_domain(hyphens + "\xc3\xbc.test"));
  CHECK_FALSE(canonical_domain(std::string("\xc3\xbc.test\0.test", 13)));
}

TEST_CASE("a name is as long as 253 characters and no longer") {
  const std::string label(62, 'a');
  const std::string longest = label + "." + label + "." + label + "." + label + ".a";
  REQUIRE(longest.size() == 253);
  CHECK(canonical_domain(longest + ".") == longest);
  CHECK_FALSE(canonical_domain(longest + "a"));
  CHECK(canonical_domain(std::string(63, 'a') + ".test"));
}

TEST_CASE("labels are counted and cut from the left") {
  CHECK(authentication::count_labels("test") == 1);
  CHECK(authentication::count_labels("mail.example.test") == 3);
  CHECK(last_labels("mail.example.test", 3) == "mail.example.test");
  CHECK(last_labels("mail.example.test", 4) == "mail.example.test");
  CHECK(last_labels("mail.example.test", 2) == "example.test");
  CHECK(last_labels("mail.example.test", 1) == "test");
}
