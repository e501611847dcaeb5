#include "tls/handshake_words.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "support/catch2.h"

namespace {

using namespace mailcheck;

base::Error told(int reason, int minimum_version = TLS1_2_VERSION) {
  return tls::handshake_error(ERR_PACK(ERR_LIB_SSL, 0, reason), minimum_version);
}

}  // namespace

TEST_CASE("a refused protocol version names ours") {
  CHECK(told(SSL_R_UNSUPPORTED_PROTOCOL).kind == base::ErrorKind::old_protocol);
  CHECK(told(SSL_R_UNSUPPORTED_PROTOCOL).detail == "server speaks no TLS 1.2 or newer");
  CHECK(told(SSL_R_UNSUPPORTED_PROTOCOL, TLS1_3_VERSION).detail == "server speaks no TLS 1.3 or newer");
  CHECK(told(SSL_R_TLSV1_ALERT_PROTOCOL_VERSION).kind == base::ErrorKind::old_protocol);
}

TEST_CASE("alerts are told by number and meaning") {
  const auto error = told(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE);
  CHECK(error.stage == base::Stage::tls);
  CHECK(error.kind == base::ErrorKind::tls_handshake);
  CHECK(error.detail.find("alert 40") != std::string::npos);
  CHECK(told(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED).detail == "server demands a client certificate (alert 116)");
  CHECK(told(1000 + 255).detail == "server broke off the handshake (alert 255)");
}

TEST_CASE("only two alerts say that nothing of the offer will do") {
  CHECK(tls::is_offer_refused(told(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)));
  CHECK(tls::is_offer_refused(told(SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY)));
  for (const int reason :
       {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_TLSV1_ALERT_INTERNAL_ERROR, SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
        SSL_R_UNEXPECTED_EOF_WHILE_READING, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_BAD_SIGNATURE}) {
    CHECK_FALSE(tls::is_offer_refused(told(reason)));
  }
  CHECK_FALSE(tls::is_offer_refused({base::Stage::tls, base::ErrorKind::tls_handshake, "something else"}));
}

TEST_CASE("codes without words of ours still say something") {
  CHECK(told(SSL_R_BAD_SIGNATURE).detail == "TLS handshake failed: bad signature");
  CHECK(tls::handshake_error(0, TLS1_2_VERSION).detail == "TLS handshake failed");
  // A reason of another library is not mistaken for one of libssl's.
  const auto foreign = tls::handshake_error(ERR_PACK(ERR_LIB_EVP, 0, SSL_R_UNSUPPORTED_PROTOCOL), TLS1_2_VERSION);
  CHECK(foreign.kind == base::ErrorKind::tls_handshake);
}
