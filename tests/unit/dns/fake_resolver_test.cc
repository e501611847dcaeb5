#include "support/fake_resolver.h"

#include "support/catch2.h"

using namespace mailcheck;
using dns::Family;
using namespace std::chrono_literals;

TEST_CASE("the fake resolver answers from its table, in order and by family") {
  const test::FakeClock clock;
  test::FakeResolver resolver;
  resolver.add("mail.example.test", {"2001:db8::1", "192.0.2.1"});
  const base::Deadline deadline(clock, 1s);
  REQUIRE(resolver.addresses("mail.example.test", Family::any, deadline));
  CHECK(resolver.addresses("mail.example.test", Family::any, deadline)->size() == 2);
  CHECK(resolver.addresses("mail.example.test", Family::ipv4, deadline)->front().to_string() == "192.0.2.1");
  CHECK(resolver.addresses("other.example.test", Family::any, deadline).error().kind == base::ErrorKind::dns);
  CHECK(resolver.asked().size() == 4);
}

TEST_CASE("the fake resolver lets time pass, and never more than there is") {
  test::FakeClock clock;
  test::FakeResolver resolver(clock, 400ms);
  resolver.add("mail.example.test", {"192.0.2.1"});
  const base::Deadline deadline(clock, 1s);
  CHECK(resolver.addresses("mail.example.test", Family::any, deadline));
  CHECK(deadline.remaining() == 600ms);
  CHECK(resolver.addresses("mail.example.test", Family::any, deadline));
  const auto late = resolver.addresses("mail.example.test", Family::any, deadline);
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == base::ErrorKind::timeout);
  CHECK(deadline.has_expired());
}
