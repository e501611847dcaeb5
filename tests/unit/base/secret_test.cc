#include "base/secret.h"

#include "base/base64.h"
#include "base/mask.h"
#include "support/catch2.h"

using namespace mailcheck::base;

TEST_CASE("a secret takes its source over and leaves it wiped") {
  std::string source = "correct horse battery staple";
  const char* storage = source.data();
  const std::size_t size = source.size();
  const Secret secret = Secret::take(source);
  CHECK(secret.expose() == "correct horse battery staple");
  CHECK(source.empty());
  CHECK(std::string_view(storage, size).find("horse") == std::string_view::npos);
}

TEST_CASE("a secret grows and moves without losing bytes") {
  Secret secret;
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    secret.append("ab\0c");
    secret.append(std::string_view("\0", 1));
    expected += "ab";
    expected += std::string_view("\0", 1);
  }
  CHECK(secret.expose() == expected);
  const Secret moved = std::move(secret);
  CHECK(moved.size() == expected.size());
  CHECK(moved.clone().expose() == expected);
}

TEST_CASE("base64 knows the vectors of RFC 4648 both ways") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    CHECK(base64_encode(plain) == encoded);
    CHECK(base64_encode(Secret(plain)).expose() == encoded);
    CHECK(base64_decode(encoded) == plain);
  }
}

TEST_CASE("base64 refuses what is not canonical") {
  for (const auto* bad : {"Zg", "Zg=", "Z===", "Zg==Zg==", "Zh==", "Zm9=", "Zm 9v", "=m9v", "Zm9v\n", "Zm=v"}) {
    CAPTURE(bad);
    CHECK_FALSE(base64_decode(bad).has_value());
  }
}

TEST_CASE("the mask blots out a secret, also inside base64 at every alignment") {
  Mask mask;
  mask.add(Secret("hunter2-secret"));
  CHECK(mask.apply("NO wrong password hunter2-secret, sorry") == "NO wrong password ***, sorry");
  for (const std::string before : {"", "a", "ab", "abc", "user"}) {
    const std::string text = mask.apply("x " + base64_encode(before + "hunter2-secret" + "tail"));
    CAPTURE(text);
    CHECK(text.find("***") != std::string::npos);
  }
  CHECK(mask.apply("nothing here") == "nothing here");
}

TEST_CASE("the mask finds every place of every secret, wherever it stands") {
  Mask mask;
  mask.add(Secret("abcd"));
  mask.add(Secret("abcdabcd-and-more"));
  mask.add(Secret("\xff\x01\xfe\x80\xff"));
  CHECK(mask.apply("abcd") == "***");
  CHECK(mask.apply("abcdabcd") == "******");
  CHECK(mask.apply("abcdabcd-and-more abcdx") == "*** ***x");  // the longest of those that begin there
  CHECK(mask.apply("ababcdcd") == "ab***cd");
  CHECK(mask.apply("\xff\xff\x01\xfe\x80\xff\xff") == "\xff***\xff");
  CHECK(mask.apply("").empty());
  for (std::size_t before = 0; before < 70; ++before) {
    const std::string text = std::string(before, 'a') + "abcd" + std::string(70 - before, 'd');
    CHECK(mask.apply(text) == std::string(before, 'a') + "***" + std::string(70 - before, 'd'));
  }
}

TEST_CASE("secrets too short to tell from words are not looked for") {
  Mask mask;
  mask.add(Secret("ok"));
  CHECK(mask.apply("ok then") == "ok then");
}
