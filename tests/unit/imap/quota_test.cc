#include "imap/quota.h"

#include <fmt/format.h>

#include "support/catch2.h"

using namespace mailcheck;
using imap::parse_quota;

TEST_CASE("a QUOTA response is a root and its resources") {
  const auto resources = parse_quota("\"User quota\" (STORAGE 512 1024 message 3 100)");
  REQUIRE(resources);
  REQUIRE(resources->size() == 2);
  CHECK((*resources)[0].root == "User quota");
  CHECK((*resources)[0].name == "STORAGE");
  CHECK((*resources)[0].used == 512);
  CHECK((*resources)[0].limit == 1024);
  CHECK((*resources)[1].name == "MESSAGE");
  CHECK((*resources)[1].used == 3);
}

TEST_CASE("a root may be empty, quoted, literal or an atom, and without resources") {
  for (const std::string_view data : {"\"\" ()", "ROOT ( )", "{4}\r\nroot ()", "\"a\" (  )"}) {
    CAPTURE(data);
    REQUIRE(parse_quota(data));
    CHECK(parse_quota(data)->empty());
  }
}

TEST_CASE("a QUOTA response that is not whole is malformed") {
  for (const std::string_view data :
       {"", "\"\"", "\"\" (", "\"\" (STORAGE", "\"\" (STORAGE 1", "\"\" (STORAGE 1)", "\"\" (STORAGE 1 2",
        "\"\" (STORAGE 1 x)", "\"\" (STORAGE -1 2)", "\"\" (STORAGE 1 18446744073709551616)", "\"\" ((STORAGE 1 2))",
        "\"\"(STORAGE 1 2)"}) {
    CAPTURE(data);
    CHECK_FALSE(parse_quota(data).has_value());
  }
}

TEST_CASE("a root or a resource of a hostile length is malformed, since each resource would carry it") {
  CHECK(parse_quota(fmt::format("{:r>1000} (STORAGE 1 2)", "")));
  CHECK_FALSE(parse_quota(fmt::format("{:r>1001} (STORAGE 1 2)", "")));
  CHECK(parse_quota(fmt::format("r ({:n>100} 1 2)", "")));
  CHECK_FALSE(parse_quota(fmt::format("r ({:n>101} 1 2)", "")));
}
