#include "cli/nearest.h"

#include "support/catch2.h"

using namespace mailcheck::cli;

TEST_CASE("a near name is found: one letter wrong, missing, too many, swapped, other case") {
  for (const auto* name : {"hostnane", "hostnme", "hostnamee", "hotsname", "HostName", "--hostname"}) {
    CAPTURE(name);
    CHECK(nearest(name, {"port", "hostname", "timeout"}) == "hostname");
  }
}

TEST_CASE("the nearest of several is taken, and none that is far") {
  CHECK(nearest("dn", {"dkim", "dns", "data"}) == "dns");
  CHECK(nearest("abc", {"xyz", "hostname"}).empty());
  CHECK(nearest("", {"abc"}).empty());
  CHECK(nearest("abc", {}).empty());
  CHECK(nearest(std::string(100000, 'a'), {"abc"}).empty());
}

TEST_CASE("names are listed as a person would") {
  CHECK(one_of({}).empty());
  CHECK(one_of({"a"}) == "a");
  CHECK(one_of({"a", "b"}) == "a or b");
  CHECK(one_of({"a", "b", "c"}) == "a, b or c");
}
