#include "base/mask.h"

#include "base/base64.h"
#include "support/catch2.h"

using namespace mailcheck::base;

namespace {

Mask mask_of(std::initializer_list<std::string_view> secrets) {
  Mask mask;
  for (const auto secret : secrets) mask.add(Secret(secret));
  return mask;
}

}  // namespace

TEST_CASE("a secret is blotted out wherever it stands, and nothing else is") {
  const Mask mask = mask_of({"hunter2"});
  CHECK(mask.apply("hunter2") == "***");
  CHECK(mask.apply("a hunter2, hunter2hunter2 b") == "a ***, ****** b");
  for (const std::string_view text : {"", "h", "hunter", "unter2", "Hunter2", "hunter 2", "hunter3", "2hunter"}) {
    CHECK(mask.apply(text) == text);
  }
  const std::string large(100000, 'h');
  CHECK(mask.apply(large + "hunter2" + large) == large + "***" + large);
}

TEST_CASE("a secret is recognised in base64 at each alignment, whatever stands around it") {
  const std::string secret = GENERATE(as<std::string>{}, "hunter", "hunter2", "hunter22");  // each length modulo 3
  const Mask mask = mask_of({secret});
  for (const std::string before : {"", "x", "xy", "xyz"}) {
    for (const std::string after : {"", "x", "xy"}) {
      CAPTURE(secret, before, after);
      const std::string coded = base64_encode(std::string_view(before + secret + after));
      const std::string shown = mask.apply(coded);
      CHECK(shown.find("***") != std::string::npos);
      CHECK(shown.size() <= coded.size() - (secret.size() * 8 / 6 - 1) + 3);  // all but what holds bits of neighbours
    }
  }
  const std::string other = base64_encode(std::string_view("nothing of it"));
  CHECK(mask.apply(other) == other);
}

TEST_CASE("a secret is recognised as a quoted string and JSON write it, in base64 too") {
  const std::string secret = "pa\"ss\\wo/rd=<&>'12";
  const std::string_view written = GENERATE(as<std::string_view>{},
                                            R"(pa\"ss\\wo/rd=<&>'12)",                             // quoted string
                                            R"(pa\"ss\\wo\/rd=<&>'12)",                            // PHP
                                            R"(pa\"ss\\wo/rd\u003d\u003c\u0026\u003e\u002712)",    // Gson
                                            R"(pa\"ss\\wo\/rd\u003d\u003c\u0026\u003e\u002712)");  // both
  CAPTURE(written);
  const Mask mask = mask_of({secret});
  CHECK(mask.apply("{\"token\":\"" + std::string(written) + "\"}") == "{\"token\":\"***\"}");
  CHECK(mask.apply(base64_encode(written)).size() < 10);
  // without such characters there is only one way to write it
  CHECK(mask_of({"hunter2"}).apply("hunter2 hunter\\2") == "*** hunter\\2");
}

TEST_CASE("of secrets that begin at one place the longest is blotted out, and overlaps only once") {
  CHECK(mask_of({"pass", "password"}).apply("my password") == "my ***");
  CHECK(mask_of({"password", "pass"}).apply("my password, pass") == "my ***, ***");
  CHECK(mask_of({"abcdef", "defghi"}).apply("abcdefghi") == "***ghi");
  CHECK(mask_of({"aaaa"}).apply("aaaaaa") == "***aa");
}

TEST_CASE("what is shorter than four bytes is not looked for") {
  CHECK(mask_of({"", "a", "abc"}).apply("a abc") == "a abc");
  CHECK(mask_of({"abcd"}).apply("a abcd") == "a ***");
  CHECK(Mask().apply("anything") == "anything");
}

TEST_CASE("secrets and texts may hold any byte") {
  const std::string bytes("\0\xff\r\n|", 5);
  CHECK(mask_of({bytes}).apply("a" + bytes + "b") == "a***b");
}
