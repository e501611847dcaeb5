// What happens where OpenSSL has no provider for a digest: made by asking for FIPS algorithms without a FIPS provider.
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/digest.h"
#include "crypto/hmac.h"
#include "crypto/pbkdf2.h"
#include "support/catch2.h"

using namespace mailcheck;
using crypto::Digest;

namespace {

struct FipsOnly {
  FipsOnly() { EVP_set_default_properties(nullptr, "fips=yes"); }
  ~FipsOnly() { EVP_set_default_properties(nullptr, ""); }
  FipsOnly(const FipsOnly&) = delete;
  FipsOnly& operator=(const FipsOnly&) = delete;
};

}  // namespace

TEST_CASE("a digest that OpenSSL refuses is an answer, not a crash") {
  {
    const FipsOnly only;
    CHECK_FALSE(crypto::digest_of(Digest::md5, "abc").has_value());
    CHECK_FALSE(crypto::digest_of(Digest::md5, base::Secret("abc")).has_value());
    CHECK_FALSE(crypto::hmac(Digest::md5, "key", "message").has_value());
    CHECK_FALSE(crypto::pbkdf2(Digest::sha1, base::Secret("password"), "salt", 4096).has_value());
    CHECK(crypto::size_of(Digest::md5) == 16);
  }
  CHECK(crypto::digest_of(Digest::md5, "abc").has_value());
}

TEST_CASE("a refusal leaves OpenSSL's error queue as it was") {
  ERR_clear_error();
  const FipsOnly only;
  CHECK_FALSE(crypto::hmac(Digest::md5, "key", "message").has_value());
  CHECK(ERR_peek_error() == 0);
  ERR_raise(ERR_LIB_USER, 7);
  CHECK_FALSE(crypto::digest_of(Digest::md5, "abc").has_value());
  CHECK(ERR_GET_REASON(ERR_peek_last_error()) == 7);
  ERR_clear_error();
}
