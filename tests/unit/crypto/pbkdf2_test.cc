#include "crypto/pbkdf2.h"

#include "support/catch2.h"

using namespace mailcheck;
using crypto::Digest;

namespace {

std::string hex_key(Digest digest, std::string_view password, std::string_view salt, unsigned iterations) {
  const auto key = crypto::pbkdf2(digest, base::Secret(password), salt, iterations);
  return key ? crypto::hex(key->expose()) : "refused";
}

}  // namespace

TEST_CASE("PBKDF2-HMAC-SHA1 knows the vectors of RFC 6070") {
  CHECK(hex_key(Digest::sha1, "password", "salt", 1) == "0c60c80f961f0e71f3a9b524af6012062fe037a6");
  CHECK(hex_key(Digest::sha1, "password", "salt", 2) == "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
  CHECK(hex_key(Digest::sha1, "password", "salt", 4096) == "4b007901b765489abead49d926f721d065a429c1");
}

TEST_CASE("PBKDF2-HMAC-SHA256 agrees with Python's hashlib") {
  CHECK(hex_key(Digest::sha256, "password", "salt", 1) ==
        "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b");
  CHECK(hex_key(Digest::sha256, "password", "salt", 4096) ==
        "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a");
}

TEST_CASE("PBKDF2 takes NULs, an empty password and an empty salt") {
  CHECK(hex_key(Digest::sha1, std::string_view("pass\0word", 9), std::string_view("sa\0lt", 5), 4096).substr(0, 32) ==
        "56fa6aa75548099dcc37d7f03425e0c3");
  CHECK(hex_key(Digest::sha1, "", "", 1) != hex_key(Digest::sha1, "x", "", 1));
}

TEST_CASE("PBKDF2 refuses counts that OpenSSL cannot take") {
  CHECK(hex_key(Digest::sha1, "password", "salt", 0) == "refused");
  CHECK(hex_key(Digest::sha1, "password", "salt", 0x80000000U) == "refused");
}
