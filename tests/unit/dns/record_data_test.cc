#include "dns/record_data.h"

#include "dns_message.h"
#include "support/catch2.h"

using namespace mailcheck;
using test::dns_name;
using test::dns_text;

TEST_CASE("an MX record is a preference and a host") {
  const auto mx = dns::read_mx(std::string("\x01\x0a", 2) + dns_name("MX1.example.test"));
  REQUIRE(mx);
  CHECK(mx->preference == 266);
  CHECK(mx->host == "MX1.example.test");
}

TEST_CASE("the root as mail exchanger is an empty host") {
  const auto mx = dns::read_mx(std::string("\0\0\0", 3));
  REQUIRE(mx);
  CHECK(mx->preference == 0);
  CHECK(mx->host.empty());
}

TEST_CASE("what would be misread in a host name is escaped") {
  const auto mx = dns::read_mx(std::string("\0\x05\x05", 3) + "a.b\n|" + dns_name("test"));
  REQUIRE(mx);
  CHECK(mx->host == "a\\.b\\010|.test");
}

TEST_CASE("a cut, overlong or compressed host name is malformed") {
  const std::string whole = test::two_bytes(10) + dns_name("mx.example.test");
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(dns::read_mx(whole.substr(0, size)));
  CHECK_FALSE(dns::read_mx(whole + "x"));
  CHECK_FALSE(dns::read_mx(std::string("\0\x0a\xc0\0", 4)));         // a pointer to itself
  CHECK_FALSE(dns::read_mx(std::string("\0\x0a\x01s\xc0\x02", 6)));  // a pointer to itself, after a label
  CHECK_FALSE(dns::read_mx(std::string("\0\x0a\xc0\xff", 4)));       // a pointer past the end
  CHECK_FALSE(dns::read_mx(std::string("\0\x0a\x41", 3) + std::string(66, '\0')));  // a label of no known kind
  std::string longest;
  for (int i = 0; i < 5; ++i) longest += std::string(63, 'a') + '.';
  CHECK_FALSE(dns::read_mx(test::two_bytes(10) + dns_name(longest)));
}

TEST_CASE("the strings of a TXT record are joined without a space") {
  CHECK(dns::read_txt(dns_text("v=STSv1; id=2026") + dns_text("") + dns_text("0615;")) == "v=STSv1; id=20260615;");
  CHECK(dns::read_txt(dns_text("")) == "");
  CHECK(dns::read_txt(dns_text(std::string("a\0b\xff", 4))) == std::string("a\0b\xff", 4));
}

TEST_CASE("a TXT record without a string, or with half a one, is malformed") {
  CHECK_FALSE(dns::read_txt(""));
  CHECK_FALSE(dns::read_txt("\x05half"));
  CHECK_FALSE(dns::read_txt(dns_text("whole") + "\x01"));
}

TEST_CASE("a CAA record is flag, tag and value") {
  const auto caa = dns::read_caa(std::string("\x80\x09IssueWildca.example.test"));
  REQUIRE(caa);
  CHECK(caa->is_critical);
  CHECK(caa->tag == "issuewild");
  CHECK(caa->value == "ca.example.test");
  const auto nobody = dns::read_caa(std::string("\0\x05issue", 7));
  REQUIRE(nobody);
  CHECK_FALSE(nobody->is_critical);
  CHECK(nobody->value.empty());
}

TEST_CASE("a CAA record without a whole tag of letters and digits is malformed") {
  CHECK_FALSE(dns::read_caa(""));
  CHECK_FALSE(dns::read_caa(std::string("\0", 1)));
  CHECK_FALSE(dns::read_caa(std::string("\0\0", 2)));
  CHECK_FALSE(dns::read_caa(std::string("\0\x06issue", 7)));
  CHECK_FALSE(dns::read_caa(std::string("\0\x05is|ue", 7)));
}
