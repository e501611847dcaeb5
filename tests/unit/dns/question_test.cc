#include "dns/question.h"

#include "support/catch2.h"

using namespace mailcheck;
using dns::Family;

TEST_CASE("a numeric host is its own answer") {
  const auto answer = dns::answer_without_asking("2001:DB8::1", Family::any);
  REQUIRE(answer);
  REQUIRE(answer->has_value());
  REQUIRE((*answer)->size() == 1);
  CHECK((*answer)->front().to_string() == "2001:db8::1");
  CHECK(dns::answer_without_asking("192.0.2.1", Family::ipv4)->has_value());
}

TEST_CASE("a numeric host of the wrong family is an error that says so") {
  const auto answer = dns::answer_without_asking("192.0.2.1", Family::ipv6);
  REQUIRE(answer);
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().stage == base::Stage::dns);
  CHECK(answer->error().kind == base::ErrorKind::dns);
  CHECK(answer->error().detail == "192.0.2.1 is no IPv6 address");
  CHECK(dns::answer_without_asking("::1", Family::ipv4)->error().detail == "::1 is no IPv4 address");
}

TEST_CASE("a host with addresses of the other family only is told apart") {
  CHECK(dns::only_other_family("mail.example.test", Family::ipv6).detail ==
        "host name mail.example.test has no IPv6 address, only IPv4");
  CHECK(dns::only_other_family("mail.example.test", Family::ipv4).detail ==
        "host name mail.example.test has no IPv4 address, only IPv6");
  CHECK(dns::only_other_family("mail.example.test", Family::ipv4).kind == base::ErrorKind::dns);
}

TEST_CASE("what cannot be a host name is not asked for") {
  const auto host = GENERATE(as<std::string>{}, "", "mail example", "mail\r\n", std::string("localhost\0.evil", 15),
                             "m\xc3\xa4il.example.test", std::string(255, 'a'));
  const auto answer = dns::answer_without_asking(host, Family::any);
  REQUIRE(answer);
  REQUIRE_FALSE(answer->has_value());
  CHECK(answer->error().kind == base::ErrorKind::dns);
  CHECK(answer->error().detail.find_first_of("\r\n") == std::string::npos);
}

TEST_CASE("host names are asked for") {
  const auto host = GENERATE(as<std::string>{}, "mail.example.test", "localhost", "xn--mil-ula.example.test.", "127.1");
  CHECK_FALSE(dns::answer_without_asking(host, Family::any));
}
