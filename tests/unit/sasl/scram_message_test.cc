#include "sasl/scram_message.h"

#include "support/catch2.h"
#include "unit/sasl/exchange.h"

using namespace mailcheck;
using namespace mailcheck::test;

namespace {

constexpr std::string_view kNonce = "abc";

std::string kind_of_first(std::string_view message) {
  const auto parsed = sasl::parse_server_first("SCRAM-SHA-256", message, kNonce);
  return parsed ? "accepted" : std::string(to_string(parsed.error().kind));
}

std::string kind_of_final(std::string_view message) {
  const auto parsed = sasl::parse_server_final("SCRAM-SHA-256", message);
  return parsed ? "accepted" : std::string(to_string(parsed.error().kind));
}

}  // namespace

TEST_CASE("the server's first message is taken apart") {
  const auto parsed = sasl::parse_server_first("SCRAM-SHA-256", "r=abcDEF,s=c2FsdA==,i=4096", kNonce);
  REQUIRE(parsed);
  CHECK(parsed->nonce == "abcDEF");
  CHECK(parsed->salt == "salt");
  CHECK(parsed->iterations == 4096);
}

TEST_CASE("unknown extensions are skipped, counts up to the ceiling are taken") {
  CHECK(kind_of_first("r=abcDEF,s=c2FsdA==,i=4096,x=anything=at=all,Y=1") == "accepted");
  CHECK(kind_of_first("r=abcDEF,s=c2FsdA==,i=1000000") == "accepted");
  CHECK(kind_of_final("v=c2FsdA==,x=1") == "accepted");
}

TEST_CASE("a hostile or broken first message is a protocol error") {
  const std::string_view messages[] = {
      "",
      "r",
      "r=",
      ",",
      "hello",
      "v=c2FsdA==",
      "r=abcDEF",
      "r=abcDEF,s=c2FsdA==",
      "r=abcDEF,i=4096",
      "s=c2FsdA==,i=4096",
      "r=abcDEF,i=4096,s=c2FsdA==",         // order
      "s=c2FsdA==,r=abcDEF,i=4096",         // order
      "x=1,r=abcDEF,s=c2FsdA==,i=4096",     // an extension in front
      "m=must,r=abcDEF,s=c2FsdA==,i=4096",  // mandatory extension
      "r=abcDEF,s=c2FsdA==,i=4096,m=must",  // the same at a wrong place
      "r=abcDEF,s=c2FsdA==,i=4096,i=4096",  // twice
      "r=abcDEF,s=c2FsdA==,i=4096,",        // nothing behind the comma
      "r=abcDEF,s=c2FsdA==,i=4096,x",
      "r=abcDEF,s=c2FsdA==,i=4096,x=",
      "r=abcDEF,s=c2FsdA==,i=4096,1=x",
      "r=abc,s=c2FsdA==,i=4096",      // our nonce and nothing of theirs
      "r=ab,s=c2FsdA==,i=4096",       // shorter
      "r=abDEFG,s=c2FsdA==,i=4096",   // another
      "r=ABCdef,s=c2FsdA==,i=4096",   // case
      "r=abc def,s=c2FsdA==,i=4096",  // space
      "r=abc\xc3\xb6,s=c2FsdA==,i=4096",
      "r=abcDEF,s=,i=4096",         // no salt
      "r=abcDEF,s=c2FsdA=,i=4096",  // broken base64
      "r=abcDEF,s=c2Fs dA==,i=4096",
      "r=abcDEF,s=c2FsdA==,i=",
      "r=abcDEF,s=c2FsdA==,i=0",
      "r=abcDEF,s=c2FsdA==,i=1",
      "r=abcDEF,s=c2FsdA==,i=4095",        // below the floor
      "r=abcDEF,s=c2FsdA==,i=1000001",     // past the ceiling
      "r=abcDEF,s=c2FsdA==,i=4294971392",  // 2^32 + 4096
      "r=abcDEF,s=c2FsdA==,i=99999999999999999999999999",
      "r=abcDEF,s=c2FsdA==,i=-4096",
      "r=abcDEF,s=c2FsdA==,i=+4096",
      "r=abcDEF,s=c2FsdA==,i=04096",
      "r=abcDEF,s=c2FsdA==,i=4096 ",
      "r=abcDEF,s=c2FsdA==,i=4e3",
      "R=abcDEF,s=c2FsdA==,i=4096",
      "r=abcDEF,,s=c2FsdA==,i=4096",
      bytes("r=abcDEF,s=c2FsdA==,i=4096,x=\0"),
      bytes("r=abc\0DEF,s=c2FsdA==,i=4096"),
  };
  for (const auto message : messages) {
    CAPTURE(message);
    CHECK(kind_of_first(message) == "protocol-error");
  }
  CHECK(kind_of_first("r=abc" + std::string(5000, 'D') + ",s=c2FsdA==,i=4096") == "protocol-error");
}

TEST_CASE("no beginning of a good first message is a good one") {
  const std::string message = "r=abcDEF,s=c2FsdA==,i=4096";
  for (std::size_t size = 0; size < message.size(); ++size) {
    CAPTURE(size);
    CHECK(kind_of_first(message.substr(0, size)) == "protocol-error");
  }
}

TEST_CASE("a broken final message is a protocol error") {
  for (const std::string_view message :
       {"", "v", "v=c2FsdA=", "v=c2FsdA==,", "x=1,v=c2FsdA==", "v=c2FsdA==,e=other-error", "V=c2FsdA==", "OK"}) {
    CAPTURE(message);
    CHECK(kind_of_final(message) == "protocol-error");
  }
  CHECK(kind_of_final(bytes("v=c2FsdA==\0")) == "protocol-error");
  CHECK(kind_of_final("v=" + std::string(5000, 'A')) == "protocol-error");
}

TEST_CASE("an error of the server is cut, and tells refusal from trouble") {
  CHECK(kind_of_final("e=invalid-proof") == "auth-failed");
  CHECK(kind_of_final("e=channel-bindings-dont-match,x=1") == "auth-failed");
  CHECK(kind_of_first("e=no-resources") == "auth-unavailable");
  const auto parsed = sasl::parse_server_final("SCRAM-SHA-1", "e=" + std::string(1000, 'x'));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().peer_text.size() == 256);
}

TEST_CASE("a nonce is printable ASCII without a comma") {
  CHECK(sasl::is_nonce("!~+="));
  for (const std::string_view text : {"", ",", "a b", "a\x7f", "\xc3\xb6"}) CHECK_FALSE(sasl::is_nonce(text));
}
