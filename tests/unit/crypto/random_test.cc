#include "crypto/random.h"

#include <set>

#include "crypto/constant_time.h"
#include "support/catch2.h"

using namespace mailcheck;

TEST_CASE("the system's random bytes come in the asked number and do not repeat") {
  crypto::SystemRandom random;
  CHECK(random.bytes(0).empty());
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string bytes = random.bytes(16);
    CHECK(bytes.size() == 16);
    seen.insert(bytes);
  }
  CHECK(seen.size() == 100);
}

TEST_CASE("constant-time comparison agrees with the ordinary one") {
  CHECK(crypto::is_equal_in_constant_time("", ""));
  CHECK(crypto::is_equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(crypto::is_equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(crypto::is_equal_in_constant_time("xbc", "abc"));
  CHECK_FALSE(crypto::is_equal_in_constant_time("abc", "ab"));
  CHECK_FALSE(crypto::is_equal_in_constant_time("", "a"));
  CHECK(crypto::is_equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
  CHECK_FALSE(crypto::is_equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}
