#include "policy/host_pattern.h"

#include <string>

#include "support/catch2.h"

using namespace mailcheck;

TEST_CASE("a pattern matches its host, and a star one whole label") {
  const auto [pattern, host] = GENERATE(table<std::string, std::string>({
      {"mail.example.org", "mail.example.org"},
      {"mail.example.org", "MAIL.Example.ORG."},
      {"*.example.org", "mail.example.org"},
      {"*.EXAMPLE.org", "m_1.example.org"},
      {"*.xn--bcher-kva.example", "mx.xn--bcher-kva.example"},
  }));
  CAPTURE(pattern, host);
  CHECK(policy::matches(pattern, host));
}

TEST_CASE("a star is no part of a label, not two labels, and not none") {
  const auto [pattern, host] = GENERATE(table<std::string, std::string>({
      {"*.example.org", "a.b.example.org"},
      {"*.example.org", "example.org"},
      {"*.example.org", ".example.org"},
      {"*.example.org", "mailexample.org"},
      {"*.example.org", "mail.example.org.evil.test"},
      {"*.example.org", "*.example.org"},
      {"m*.example.org", "mail.example.org"},
      {"mail.*.org", "mail.example.org"},
      {"*.*.org", "mail.example.org"},
      {"*", "org"},
      {"*.", "mail."},
      {"", ""},
      {"mail.example.org.", "mail.example.org"},
      {"mail.example.org", "mail.example.org.."},
      {"mail.example.org", "mail.example.or"},
      {"*.0.2.1", "192.0.2.1"},
      {"192.0.2.1", "192.0.2.1"},
      {"mail.example.org", std::string("mail.example.org\0", 17)},
  }));
  CAPTURE(pattern, host);
  CHECK_FALSE(policy::matches(pattern, host));
}

TEST_CASE("host names have labels of 1 to 63 characters, and at most 253 in all") {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'b');
  REQUIRE(longest.size() == 253);
  CHECK(policy::is_host_name(longest));
  CHECK_FALSE(policy::is_host_name(longest + "b"));
  CHECK_FALSE(policy::is_host_name(std::string(64, 'a')));
  CHECK_FALSE(policy::is_host_name("a..b"));
  CHECK_FALSE(policy::is_host_name("-a.b"));
  CHECK_FALSE(policy::is_host_name("a-.b"));
  CHECK_FALSE(policy::is_host_name("m\xc3\xa4il.test"));
  CHECK(policy::is_host_pattern("*." + label));
  CHECK_FALSE(policy::is_host_pattern("*.*." + label));
}
