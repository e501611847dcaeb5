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

TEST_CASE("an error of the server tells a wrong password from trouble and broken rules") {
  const std::pair<std::string_view, std::string_view> errors[] = {
      {"invalid-proof", "auth-failed"},
      {"unknown-user", "auth-failed"},
      {"no-resources", "auth-unavailable"},
      {"other-error", "auth-unavailable"},
      {"of-their-own", "auth-unavailable"},  // counts as other-error (RFC 5802 section 7)
      {"", "auth-unavailable"},
      {"invalid-encoding", "protocol-error"},
      {"extensions-not-supported", "protocol-error"},
      {"channel-bindings-dont-match", "protocol-error"},
      {"server-does-support-channel-binding", "protocol-error"},
      {"channel-binding-not-supported", "protocol-error"},
      {"unsupported-channel-binding-type", "protocol-error"},
      {"invalid-username-encoding", "protocol-error"}};
  for (const auto& [word, kind] : errors) {
    CAPTURE(word);
    const std::string message = "e=" + std::string(word);
    CHECK(kind_of_first(message) == kind);
    CHECK(kind_of_final(message + ",x=1") == kind);
    const auto parsed = sasl::parse_server_final("SCRAM-SHA-1", message);
    CHECK(parsed.error().is_about_credentials == (kind == "auth-failed"));
  }
}

TEST_CASE("an error of the server is kept whole, so that secrets in it can still be found") {
  const auto parsed = sasl::parse_server_final("SCRAM-SHA-1", "e=" + std::string(1000, 'x'));
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().peer_text.size() == 1000);
}

TEST_CASE("a nonce is printable ASCII without a comma") {
  CHECK(sasl::is_nonce("!~+="));
  for (const std::string_view text : {"", ",", "a b", "a\x7f", "\xc3\xb6"}) CHECK_FALSE(sasl::is_nonce(text));
}
