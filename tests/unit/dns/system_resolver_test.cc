#include "dns/system_resolver.h"

#include <algorithm>
#include <set>

#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck;
using dns::Family;
using namespace std::chrono_literals;

TEST_CASE("localhost resolves to loopback addresses only, each of them once") {
  const base::SystemClock clock;
  dns::SystemResolver resolver;
  const auto answer = resolver.addresses("localhost", Family::any, base::Deadline(clock, 60s));
  REQUIRE(answer);
  REQUIRE_FALSE(answer->empty());
  std::set<std::string> seen;
  for (const dns::Address& address : *answer) {
    CHECK(address.is_loopback());
    CHECK(seen.insert(address.to_string()).second);
  }
}

TEST_CASE("localhost has an IPv4 address") {
  const base::SystemClock clock;
  dns::SystemResolver resolver;
  const auto answer = resolver.addresses("localhost", Family::ipv4, base::Deadline(clock, 60s));
  REQUIRE(answer);
  REQUIRE(answer->size() == 1);
  CHECK(answer->front().to_string() == "127.0.0.1");
}

TEST_CASE("a numeric host is answered without a look-up, even by a resolver that would be too slow") {
  const test::FakeClock clock;
  dns::SystemResolver resolver;
  const auto answer = resolver.addresses("192.0.2.7", Family::any, base::Deadline(clock, 0s));
  REQUIRE(answer);
  CHECK(answer->front().to_string() == "192.0.2.7");
  CHECK_FALSE(resolver.addresses("192.0.2.7", Family::ipv6, base::Deadline(clock, 1s)));
}

TEST_CASE("a name that does not exist is an error before the deadline or a timeout at it") {
  const base::SystemClock clock;
  dns::SystemResolver resolver;
  const auto answer = resolver.addresses("nonexistent.invalid", Family::any, base::Deadline(clock, 300ms));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().stage == base::Stage::dns);
  if (answer.error().kind == base::ErrorKind::timeout) {
    CHECK(answer.error().detail.rfind("the resolver did not answer within ", 0) == 0);
  } else {
    CHECK(answer.error().kind == base::ErrorKind::dns);
    CHECK(answer.error().detail.find("nonexistent.invalid") != std::string::npos);
  }
}
