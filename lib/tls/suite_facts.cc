#include "tls/suite_facts.h"

#include <openssl/ssl.h>

#include "crypto/error_mark.h"
#include "tls/handles.h"

namespace mailcheck::tls {
namespace {

constexpr int kExportBits = 40;

// TLS 1.3 names no exchange in the suite: only a resumed session, or a key shared beforehand, may do without one.
bool is_forward_secret(SSL* session, const SSL_CIPHER* cipher, bool has_ephemeral_key) {
  switch (SSL_CIPHER_get_kx_nid(cipher)) {
    case NID_kx_ecdhe:
    case NID_kx_dhe:
    case NID_kx_ecdhe_psk:
    case NID_kx_dhe_psk: return true;
    case NID_kx_any: return has_ephemeral_key || SSL_session_reused(session) == 0;
    default: return false;
  }
}

KeyHandle ephemeral_key(SSL* session) {
  EVP_PKEY* key = nullptr;
  return SSL_get_peer_tmp_key(session, &key) == 1 ? KeyHandle(key) : nullptr;
}

}  // namespace

std::string cipher_weakness(int cipher_nid, int bits) {
  if (bits > 0 && bits <= kExportBits) return "export";
  switch (cipher_nid) {
    case NID_rc4: return "RC4";
    case NID_des_ede3_cbc: return "3DES";
    case NID_des_cbc: return "DES";
    default: return {};
  }
}

namespace {

// Before TLS 1.2 there was nothing better.
std::string weak_signature(SSL* session) {
  int digest = NID_undef;
  if (SSL_version(session) != TLS1_2_VERSION || SSL_get_peer_signature_nid(session, &digest) != 1) return {};
  return digest == NID_sha1 || digest == NID_md5 ? OBJ_nid2sn(digest) : "";
}

bool has_secure_renegotiation(SSL* session) {
  return SSL_version(session) >= TLS1_3_VERSION || SSL_get_secure_renegotiation_support(session) == 1;
}

}  // namespace

std::optional<SuiteFacts> read_suite(ssl_st* session) {
  const crypto::ErrorMark mark;
  const SSL_CIPHER* cipher = SSL_get_current_cipher(session);
  if (cipher == nullptr) return std::nullopt;
  const KeyHandle key = ephemeral_key(session);
  const int algorithm = SSL_CIPHER_get_cipher_nid(cipher);
  SuiteFacts facts;
  facts.is_forward_secret = is_forward_secret(session, cipher, key != nullptr);
  facts.is_anonymous = SSL_CIPHER_get_auth_nid(cipher) == NID_auth_null;
  facts.has_encryption = algorithm != NID_undef;
  facts.strength_bits = SSL_CIPHER_get_bits(cipher, nullptr);
  facts.weak_signature = weak_signature(session);
  facts.has_secure_renegotiation = has_secure_renegotiation(session);
  facts.weakness = cipher_weakness(algorithm, facts.strength_bits);
  if (key) {
    facts.group_bits = EVP_PKEY_get_bits(key.get());
    facts.is_finite_field_group = EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_DH;
  }
  return facts;
}

}  // namespace mailcheck::tls
