#include "crypto/digest.h"

#include "support/catch2.h"

using namespace mailcheck;
using crypto::Digest;

namespace {

std::string hex_digest(Digest digest, std::string_view bytes) {
  return crypto::hex(crypto::digest_of(digest, bytes).value_or("refused"));
}

}  // namespace

TEST_CASE("digests know the vectors of RFC 1321 and FIPS 180") {
  CHECK(hex_digest(Digest::md5, "") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(hex_digest(Digest::md5, "message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
  CHECK(hex_digest(Digest::sha1, "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex_digest(Digest::sha256, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex_digest(Digest::sha256, "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("the digest of a secret is the same bytes, as a secret") {
  const base::Secret secret("abc");
  const auto digest = crypto::digest_of(Digest::sha1, secret);
  REQUIRE(digest);
  CHECK(crypto::hex(*digest).expose() == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(secret.expose() == "abc");
}

TEST_CASE("a digest's size is told without making one") {
  for (const Digest digest : {Digest::md5, Digest::sha1, Digest::sha256}) {
    CHECK(crypto::size_of(digest) == crypto::digest_of(digest, "x").value_or("").size());
  }
}

TEST_CASE("hex is lower case and keeps leading zeros and high bytes") {
  CHECK(crypto::hex(std::string_view("\x00\x0f\xa0\xff", 4)) == "000fa0ff");
  CHECK(crypto::hex(std::string_view()).empty());
}
