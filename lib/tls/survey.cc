#include "tls/survey.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>

#include "base/base64.h"
#include "crypto/digest.h"
#include "tls/local_error.h"
#include "tls/version_number.h"

namespace mailcheck::tls {
namespace {

constexpr int kChainLevel = 2;  // RSA 2048, SHA-256: the level at which distributions ship OpenSSL

struct Offer {
  const char* suites;      // up to TLS 1.2
  const char* signatures;  // nullptr: OpenSSL's own list
};

// One type of key on purpose. TLS 1.3 signs with RSA by PSS only, so that an offer of ECDSA and PKCS#1 gets ECDSA there
// and may still have RSA inside the chain; up to TLS 1.2 the suites decide.
Offer offer_of(const SurveyOptions& options) {
  if (options.suites == Suites::nobody) return {"aNULL:eNULL:@SECLEVEL=0", nullptr};
  switch (options.key_type) {
    case KeyType::any: return {"ALL:!aNULL:!eNULL:@SECLEVEL=0", nullptr};
    case KeyType::rsa:
      return {"aRSA:!eNULL:@SECLEVEL=0",
              "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1"};
    case KeyType::ecdsa:
      return {"aECDSA:!eNULL:@SECLEVEL=0",
              "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA1"};
    case KeyType::ed25519: return {"aECDSA:!eNULL:@SECLEVEL=0", "ed25519:RSA+SHA256:RSA+SHA384:RSA+SHA512"};
  }
  return {"ALL:!aNULL:!eNULL:@SECLEVEL=0", nullptr};
}

bool limit_versions(SSL* session, const SurveyOptions& options) {
  if (options.suites == Suites::nobody) return SSL_set_max_proto_version(session, TLS1_2_VERSION) == 1;
  if (!options.only_version) return true;
  const int version = version_number(*options.only_version);
  return SSL_set_min_proto_version(session, version) == 1 && SSL_set_max_proto_version(session, version) == 1;
}

std::string_view staple_of(SSL* session) {
  // What the macros SSL_get_tlsext_status_ocsp_resp and SSL_set_tlsext_status_type stand for, without old-style casts.
  unsigned char* bytes = nullptr;
  const long size = SSL_ctrl(session, SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, &bytes);
  if (size <= 0 || bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

// OpenSSL's own groups, and the small ones behind them, so that a server that has nothing better is reached as well.
const char* groups() {
#if OPENSSL_VERSION_NUMBER >= 0x30500000L
  return "DEFAULT:?secp224r1:?prime192v1";
#else
  return "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192:secp224r1:prime192v1";
#endif
}

X509_STORE* store_of(SSL* session) {
  return SSL_CTX_get_cert_store(SSL_get_SSL_CTX(session));
}

}  // namespace

void allow_everything(ssl_ctx_st* context) {
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, 0);
  SSL_CTX_clear_options(context, SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
}

base::Result<void> ask(ssl_st* session, const SurveyOptions& options) {
  const Offer offer = offer_of(options);
  SSL_set_security_level(session, 0);
  // Level 0 would let weak keys and digests of the chain pass as well.
  X509_VERIFY_PARAM_set_auth_level(SSL_get0_param(session), kChainLevel);
  const bool is_asked = SSL_set_cipher_list(session, offer.suites) == 1 && limit_versions(session, options) &&
                        (offer.signatures == nullptr || SSL_set1_sigalgs_list(session, offer.signatures) == 1) &&
                        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_STATUS_REQ_TYPE, TLSEXT_STATUSTYPE_ocsp, nullptr) == 1;
  // A system without these groups asks with its own.
  SSL_ctrl(session, SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(groups()));
  ERR_clear_error();
  if (is_asked) return {};
  return local_error("this machine's OpenSSL does not have what should be offered to the server");
}

SurveyFacts read_survey(ssl_st* session, const SurveyOptions& options, const SessionFacts& facts, base::WallTime now) {
  SurveyFacts survey;
  survey.suite = read_suite(session).value_or(SuiteFacts{});
  survey.chain_remarks = find_chain_remarks(facts.sent_chain, facts.verified_chain, now);
  X509* leaf = SSL_get0_peer_certificate(session);
  if (leaf == nullptr) return survey;
  if (const auto digest = base::base64_decode(facts.sent_chain.front().public_key_sha256)) {
    survey.matching_tlsa = "3 1 1 " + crypto::hex(*digest);
  }
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(session);
  survey.wants_staple = requires_staple(leaf);
  survey.staple = read_staple(staple_of(session), leaf, chain, store_of(session), now);
  if (!options.tlsa.empty()) {
    survey.dane = match_dane({.records = options.tlsa,
                              .names = options.tlsa_names,
                              .leaf = leaf,
                              .sent_chain = chain,
                              .store = store_of(session),
                              .now = now,
                              .rules = options.dane_rules});
  }
  return survey;
}

}  // namespace mailcheck::tls
