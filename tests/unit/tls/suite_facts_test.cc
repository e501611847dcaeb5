#include "tls/suite_facts.h"

#include <openssl/ssl.h>

#include "support/tls_pair.h"
#include "tls/owned.h"

namespace {

using namespace mailcheck;

// Both ends of a handshake in one process, with these suites and groups; the client's end is kept.
class Pair {
 public:
  explicit Pair(int version, const std::string& suites = "DEFAULT", const std::string& groups = "X25519:P-256") {
    client_context_.reset(SSL_CTX_new(TLS_client_method()));
    server_context_.reset(SSL_CTX_new(TLS_server_method()));
    for (SSL_CTX* context : {client_context_.get(), server_context_.get()}) {
      REQUIRE(SSL_CTX_set_cipher_list(context, (suites + ":@SECLEVEL=0").c_str()) == 1);
      REQUIRE(SSL_CTX_set1_groups_list(context, groups.c_str()) == 1);
      SSL_CTX_set_min_proto_version(context, version);
      SSL_CTX_set_max_proto_version(context, version);
    }
    SSL_CTX_set_dh_auto(server_context_.get(), 1);
    const std::string chain = test::test_ca("good-rsa.pem");
    REQUIRE(SSL_CTX_use_certificate_chain_file(server_context_.get(), chain.c_str()) == 1);
    const std::string key = test::test_ca("good-rsa.key");
    REQUIRE(SSL_CTX_use_PrivateKey_file(server_context_.get(), key.c_str(), SSL_FILETYPE_PEM) == 1);
  }
  SSL* shake_hands() {
    connect();
    for (int i = 0; i < 10; ++i) {
      SSL_do_handshake(client_.get());
      SSL_do_handshake(server_.get());
    }
    REQUIRE(SSL_is_init_finished(client_.get()) == 1);
    return client_.get();
  }
  SSL_CTX* client_context() { return client_context_.get(); }
  SSL_CTX* server_context() { return server_context_.get(); }

 private:
  void connect() {
    client_.reset(SSL_new(client_context_.get()));
    server_.reset(SSL_new(server_context_.get()));
    BIO* near = nullptr;
    BIO* far = nullptr;
    REQUIRE(BIO_new_bio_pair(&near, 0, &far, 0) == 1);
    SSL_set_bio(client_.get(), near, near);
    SSL_set_bio(server_.get(), far, far);
    SSL_set_connect_state(client_.get());
    SSL_set_accept_state(server_.get());
  }

  tls::ContextHandle client_context_;
  tls::ContextHandle server_context_;
  tls::SessionHandle client_;
  tls::SessionHandle server_;
};

tls::SuiteFacts facts_of(Pair&& pair) {
  return tls::read_suite(pair.shake_hands()).value();
}

// The digest that a server of TLS 1.2 signs the key exchange with.
tls::SuiteFacts facts_signed_with(const std::string& algorithms, int version = TLS1_2_VERSION,
                                  const std::string& suites = "ECDHE-RSA-AES128-SHA") {
  Pair pair(version, suites);
  REQUIRE(SSL_CTX_set1_sigalgs_list(pair.server_context(), algorithms.c_str()) == 1);
  return tls::read_suite(pair.shake_hands()).value();
}

unsigned int shared_key(SSL*, const char*, char* identity, unsigned int, unsigned char* key, unsigned int) {
  identity[0] = '\0';
  std::fill_n(key, 32, static_cast<unsigned char>(7));
  return 32;
}

unsigned int shared_key_of(SSL*, const char*, unsigned char* key, unsigned int) {
  std::fill_n(key, 32, static_cast<unsigned char>(7));
  return 32;
}

}  // namespace

TEST_CASE("TLS 1.3 is forward secret") {
  const auto facts = facts_of(Pair(TLS1_3_VERSION));
  CHECK(facts.is_forward_secret);
  CHECK_FALSE(facts.is_anonymous);
  CHECK(facts.has_encryption);
  CHECK(facts.strength_bits == 256);
  CHECK(facts.weakness.empty());
  CHECK(facts.group_bits == 253);
  CHECK_FALSE(facts.is_finite_field_group);
}

TEST_CASE("the group's bits are those of the key, for curves and for finite fields") {
  CHECK(facts_of(Pair(TLS1_3_VERSION, "DEFAULT", "P-256")).group_bits == 256);
  CHECK(facts_of(Pair(TLS1_2_VERSION, "ECDHE", "P-384")).group_bits == 384);
  const auto field = facts_of(Pair(TLS1_3_VERSION, "DEFAULT", "ffdhe2048"));
  CHECK(field.group_bits == 2048);
  CHECK(field.is_finite_field_group);
}

TEST_CASE("DH is forward secret and tells its size") {
  const auto facts = facts_of(Pair(TLS1_2_VERSION, "DHE-RSA-AES128-SHA"));
  CHECK(facts.is_forward_secret);
  CHECK(facts.strength_bits == 128);
  CHECK(facts.is_finite_field_group);
  CHECK(facts.group_bits == 2048);
}

TEST_CASE("a key sent under the certificate's RSA key is not forward secret") {
  const auto facts = facts_of(Pair(TLS1_2_VERSION, "AES128-SHA"));
  CHECK_FALSE(facts.is_forward_secret);
  CHECK_FALSE(facts.is_anonymous);
  CHECK(facts.has_encryption);
  CHECK(facts.group_bits == 0);
  CHECK_FALSE(facts.is_finite_field_group);
}

TEST_CASE("an anonymous suite is seen, though it is forward secret") {
  const auto facts = facts_of(Pair(TLS1_2_VERSION, "ADH-AES128-SHA256"));
  CHECK(facts.is_anonymous);
  CHECK(facts.is_forward_secret);
  CHECK(facts_of(Pair(TLS1_2_VERSION, "AECDH-AES128-SHA")).is_anonymous);
}

TEST_CASE("a suite without encryption is seen") {
  const auto facts = facts_of(Pair(TLS1_2_VERSION, "NULL-SHA256"));
  CHECK_FALSE(facts.has_encryption);
  CHECK(facts.strength_bits == 0);
  CHECK(facts.weakness.empty());
}

TEST_CASE("a shared key alone is not forward secret and not anonymous") {
  const auto facts = [](const std::string& suites) {
    Pair pair(TLS1_2_VERSION, suites);
    SSL_CTX_set_psk_client_callback(pair.client_context(), &shared_key);
    SSL_CTX_set_psk_server_callback(pair.server_context(), &shared_key_of);
    return tls::read_suite(pair.shake_hands()).value();
  };
  CHECK_FALSE(facts("PSK-AES128-CBC-SHA256").is_forward_secret);
  CHECK_FALSE(facts("PSK-AES128-CBC-SHA256").is_anonymous);
  CHECK(facts("ECDHE-PSK-AES128-CBC-SHA256").is_forward_secret);
}

TEST_CASE("a broken digest of the server's signature is named, in TLS 1.2 alone") {
  CHECK(facts_signed_with("RSA+SHA1").weak_signature == "SHA1");
  CHECK(facts_signed_with("RSA+SHA1", TLS1_2_VERSION, "DHE-RSA-AES128-SHA").weak_signature == "SHA1");
  CHECK(facts_signed_with("RSA+SHA256").weak_signature.empty());
  CHECK(facts_signed_with("RSA-PSS+SHA256").weak_signature.empty());
  CHECK(facts_signed_with("RSA+SHA1", TLS1_2_VERSION, "AES128-SHA").weak_signature.empty());  // nothing is signed
  CHECK(facts_signed_with("RSA+SHA1", TLS1_1_VERSION).weak_signature.empty());                // all sign with that
  CHECK(facts_signed_with("RSA-PSS+SHA256", TLS1_3_VERSION).weak_signature.empty());
}

TEST_CASE("OpenSSL's own server renegotiates securely") {
  CHECK(facts_of(Pair(TLS1_3_VERSION)).has_secure_renegotiation);
  CHECK(facts_of(Pair(TLS1_2_VERSION, "ECDHE")).has_secure_renegotiation);
  CHECK(facts_of(Pair(TLS1_VERSION, "ECDHE-RSA-AES128-SHA")).has_secure_renegotiation);
}

// A server hello of TLS 1.2 that resumes the session, by hand: OpenSSL's server always sends renegotiation_info.
std::string resuming_hello(SSL_SESSION* resumed, bool has_renegotiation_info) {
  unsigned int size = 0;
  const unsigned char* id = SSL_SESSION_get_id(resumed, &size);
  REQUIRE(size == 32);
  std::string extensions("\x00\x17\x00\x00", 4);  // extended_master_secret
  if (has_renegotiation_info) extensions += std::string("\xff\x01\x00\x01\x00", 5);
  std::string hello = "\x03\x03" + std::string(32, 'r') + '\x20' + std::string(reinterpret_cast<const char*>(id), size);
  hello += std::string("\x00\x2f\x00\x00", 4) + static_cast<char>(extensions.size()) + extensions;  // AES128-SHA
  hello = std::string("\x02\x00\x00", 3) + static_cast<char>(hello.size()) + hello;
  return std::string("\x16\x03\x03\x00", 4) + static_cast<char>(hello.size()) + hello;
}

TEST_CASE("a server's hello without renegotiation_info is one of a server from before RFC 5746") {
  const bool has_info = GENERATE(true, false);
  Pair pair(TLS1_2_VERSION, "AES128-SHA");
  SSL_CTX_set_options(pair.server_context(), SSL_OP_NO_TICKET);
  const tls::Owned<SSL_SESSION, &SSL_SESSION_free> resumed(SSL_get1_session(pair.shake_hands()));
  SSL_CTX_set_options(pair.client_context(), SSL_OP_LEGACY_SERVER_CONNECT);
  const tls::SessionHandle session(SSL_new(pair.client_context()));
  REQUIRE(SSL_set_session(session.get(), resumed.get()) == 1);
  BIO* input = BIO_new(BIO_s_mem());
  SSL_set_bio(session.get(), input, BIO_new(BIO_s_mem()));
  SSL_set_connect_state(session.get());
  const std::string hello = resuming_hello(resumed.get(), has_info);
  SSL_do_handshake(session.get());
  REQUIRE(BIO_write(input, hello.data(), static_cast<int>(hello.size())) == static_cast<int>(hello.size()));
  SSL_do_handshake(session.get());
  REQUIRE(SSL_get_state(session.get()) == TLS_ST_CR_SRVR_HELLO);

  const auto facts = tls::read_suite(session.get());
  REQUIRE(facts);
  CHECK(facts->has_secure_renegotiation == has_info);
  ERR_clear_error();
}

TEST_CASE("before a suite is chosen there are no facts") {
  const tls::ContextHandle context(SSL_CTX_new(TLS_client_method()));
  const tls::SessionHandle session(SSL_new(context.get()));
  CHECK_FALSE(tls::read_suite(session.get()).has_value());
}

// Distributions build OpenSSL without these, so that no handshake has them.
TEST_CASE("weak ciphers have names") {
  CHECK(tls::cipher_weakness(NID_rc4, 128) == "RC4");
  CHECK(tls::cipher_weakness(NID_des_ede3_cbc, 112) == "3DES");
  CHECK(tls::cipher_weakness(NID_des_cbc, 56) == "DES");
  CHECK(tls::cipher_weakness(NID_rc4, 40) == "export");
  CHECK(tls::cipher_weakness(NID_aes_128_gcm, 128).empty());
  CHECK(tls::cipher_weakness(NID_undef, 0).empty());
}
