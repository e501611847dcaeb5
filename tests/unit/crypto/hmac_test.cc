#include "crypto/hmac.h"

#include "support/catch2.h"

using namespace mailcheck;
using crypto::Digest;

namespace {

std::string hex_hmac(Digest digest, std::string_view key, std::string_view message) {
  const auto code = crypto::hmac(digest, key, message);
  return code ? crypto::hex(code->expose()) : "refused";
}

}  // namespace

TEST_CASE("HMAC-MD5 and HMAC-SHA1 know the vectors of RFC 2202") {
  CHECK(hex_hmac(Digest::md5, std::string(16, '\x0b'), "Hi There") == "9294727a3638bb1c13f48ef8158bfc9d");
  CHECK(hex_hmac(Digest::md5, "Jefe", "what do ya want for nothing?") == "750c783e6ab0b503eaa86e310a5db738");
  CHECK(hex_hmac(Digest::sha1, std::string(20, '\x0b'), "Hi There") == "b617318655057264e28bc0b6fb378c8ef146be00");
  CHECK(hex_hmac(Digest::sha1, "Jefe", "what do ya want for nothing?") == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST_CASE("HMAC-SHA256 knows the vectors of RFC 4231") {
  CHECK(hex_hmac(Digest::sha256, std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex_hmac(Digest::sha256, "Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a key longer than the block is hashed first") {
  CHECK(hex_hmac(Digest::sha256, std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty key and an empty message are keys and messages too") {
  CHECK(hex_hmac(Digest::sha256, {}, {}) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  CHECK(hex_hmac(Digest::md5, "", "") == "74e6f7298a9c2d168935f58c001bad88");
}
