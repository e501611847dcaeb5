#include "sasl/saslprep.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;
using sasl::Preparation;

namespace {

std::string prepared(std::string_view text, Preparation preparation = Preparation::stored) {
  const auto result = sasl::saslprep(text, preparation);
  return result ? std::string(result->expose()) : "<refused>";
}

}  // namespace

TEST_CASE("SASLprep knows the examples of RFC 4013") {
  CHECK(prepared("I\xc2\xadX") == "IX");    // SOFT HYPHEN mapped to nothing
  CHECK(prepared("user") == "user");        // no transformation
  CHECK(prepared("USER") == "USER");        // case preserved
  CHECK(prepared("\xc2\xaa") == "a");       // output is NFKC
  CHECK(prepared("\xe2\x85\xa8") == "IX");  // output is NFKC, will match the first
  CHECK(prepared("\x07") == "<refused>");   // prohibited character
  CHECK(prepared("\xd8\xa7"
                 "1") == "<refused>");  // bidirectional check
}

TEST_CASE("SASLprep turns odd spaces into spaces and composes letters") {
  CHECK(prepared("a\xc2\xa0"
                 "b") == "a b");
  CHECK(prepared("a\xe3\x80\x80"
                 "b") == "a b");
  CHECK(prepared("o\xcc\x88") == "\xc3\xb6");
  CHECK(prepared("p\xc3\xa4sswort") == "p\xc3\xa4sswort");
}

TEST_CASE("ASCII is answered as it is, control characters are not") {
  CHECK(prepared("") == "");
  CHECK(prepared(" !\"#~ ") == " !\"#~ ");
  for (const std::string_view text : {"a\tb", "a\nb", "\x1f", "\x7f", "\xc3\xb6\n"})
    CHECK(prepared(text) == "<refused>");
  CHECK(prepared(bytes("a\0b")) == "<refused>");
  CHECK(prepared(bytes("\xc3\xb6\0b")) == "<refused>");
}

TEST_CASE("SASLprep refuses what is no text") {
  CHECK(prepared("\xff\xfe") == "<refused>");      // no UTF-8
  CHECK(prepared("\xc3") == "<refused>");          // cut in the middle
  CHECK(prepared("\xc0\xaf") == "<refused>");      // overlong
  CHECK(prepared("\xed\xa0\x80") == "<refused>");  // surrogate
  CHECK(prepared("\xee\x80\x80") == "<refused>");  // private use
  CHECK(prepared("\xef\xbf\xbd") == "<refused>");  // REPLACEMENT CHARACTER
  CHECK(prepared("a\xe2\x80\xae"
                 "b") == "<refused>");  // RIGHT-TO-LEFT OVERRIDE
  CHECK(prepared(std::string(5000, 'a')) == "<refused>");
}

TEST_CASE("code points unassigned in Unicode 3.2 may be asked for but not stored") {
  const std::string_view emoji = "\xf0\x9f\x98\x80";
  CHECK(prepared(emoji, Preparation::query) == emoji);
  CHECK(prepared(emoji, Preparation::stored) == "<refused>");
}

TEST_CASE("SASLprep may answer nothing at all, or much more than it was given") {
  CHECK(prepared("\xc2\xad") == "");
  std::string ligatures;
  for (int i = 0; i < 100; ++i) ligatures += "\xef\xb7\xba";  // U+FDFA: 18 characters under NFKC
  CHECK(prepared(ligatures).size() == 3300);
}
