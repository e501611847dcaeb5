#include "base/base64.h"

#include "support/catch2.h"

using namespace mailcheck::base;

TEST_CASE("the vectors of RFC 4648 section 10 go both ways") {
  struct Row {
    std::string_view plain, coded;
  };
  const auto row = GENERATE(values<Row>({{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}}));
  CHECK(base64_encode(row.plain) == row.coded);
  CHECK(base64_encode(Secret(row.plain)).expose() == row.coded);
  CHECK(base64_decode(row.coded) == row.plain);
}

TEST_CASE("every byte goes both ways, at each alignment") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t begin = 0; begin < 4; ++begin) {
    const std::string part = bytes.substr(begin);
    CHECK(base64_decode(base64_encode(std::string_view(part))) == part);
  }
  CHECK(base64_encode(std::string_view("\xfb\xff\xbf")) == "+/+/");
  CHECK(base64_decode("+/+/") == "\xfb\xff\xbf");
}

TEST_CASE("what is not canonical padded base64 is refused") {
  const std::string_view text =
      GENERATE(as<std::string_view>{},
               "Z",         // too short
               "Zg",        // no padding
               "Zg=",       // half of it
               "Zg===",     // too much
               "Zh==",      // bits behind the last byte
               "Zm9=",      // the same with two bytes
               "=Zg=",      // padding in front
               "Zg==Zg==",  // padding in the middle
               "====", "=", "Zm9v\r\n", " Zm9v", "Zm 9v", "Zm9-", "Zm9_", "Zm9\xff", std::string_view("Zm9\0", 4));
  CAPTURE(text);
  CHECK_FALSE(base64_decode(text).has_value());
}
