#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "http/module/transfer.h"

namespace mailcheck::http {
namespace {

using base::ErrorKind;

// What a person calls OpenSSL's verdict; one that is content leaves libcurl's own check of the name.
ErrorKind certificate_kind(long result) {
  switch (result) {
    case X509_V_OK:
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return ErrorKind::name_mismatch;
    case X509_V_ERR_CERT_HAS_EXPIRED: return ErrorKind::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return ErrorKind::not_yet_valid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return ErrorKind::self_signed;
    case X509_V_ERR_INVALID_PURPOSE: return ErrorKind::wrong_purpose;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return ErrorKind::weak_key;
    case X509_V_ERR_CA_MD_TOO_WEAK: return ErrorKind::weak_digest;
    default: return ErrorKind::untrusted;
  }
}

void say_what_is_late(CURL* easy, const Transfer& transfer) {
  curl_off_t secured = 0;
  curl_easy_getinfo(easy, CURLINFO_APPCONNECT_TIME_T, &secured);
  fail(transfer.answer, ErrorKind::timeout,
       !transfer.is_connected ? "no address could be connected to in time"
       : secured == 0         ? "the TLS handshake was not finished in time"
                              : "the whole answer did not come in time");
}

void say_what_certificate(CURL* easy, const Transfer& transfer) {
  long result = X509_V_OK;
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &result);
  const char* const words = result == X509_V_OK ? transfer.words : X509_verify_cert_error_string(result);
  fail(transfer.answer, certificate_kind(result), "the certificate is refused", words);
}

// libcurl hands on OpenSSL's words: "error:0A00010B:SSL routines::wrong version number". Without any of OpenSSL's own
// ("OpenSSL SSL_connect: Connection reset by peer ...") it was the connection that failed.
void say_what_handshake(const Transfer& transfer) {
  const char* const code = std::strstr(transfer.words, "error:");
  if (code == nullptr) {
    return fail(transfer.answer, ErrorKind::connection_lost, "the connection broke during the TLS handshake",
                transfer.words);
  }
  const unsigned long number = std::strtoul(code + std::strlen("error:"), nullptr, 16);
  const bool is_plain = ERR_GET_LIB(number) == ERR_LIB_SSL && ERR_GET_REASON(number) == SSL_R_WRONG_VERSION_NUMBER;
  if (is_plain) return fail(transfer.answer, ErrorKind::tls_handshake, "the server's answer is not TLS");
  fail(transfer.answer, ErrorKind::tls_handshake, "the TLS handshake failed", transfer.words);
}

void say_why_not_connected(CURL* easy, const Transfer& transfer) {
  long number = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
  fail(transfer.answer, ErrorKind::connect, "cannot connect",
       number == 0 ? transfer.words : std::strerror(static_cast<int>(number)));
}

}  // namespace

void fail(ModuleAnswer& answer, ErrorKind kind, const char* what, const char* words) {
  answer.is_failure = 1;
  answer.kind = kind;
  std::snprintf(answer.detail, sizeof answer.detail, "%s%s%s", what, *words == '\0' ? "" : ": ", words);
}

void say_what_failed(CURL* easy, CURLcode code, const Transfer& transfer) {
  const char* const words = *transfer.words == '\0' ? curl_easy_strerror(code) : transfer.words;
  const auto say = [&](ErrorKind kind, const char* what) { fail(transfer.answer, kind, what, words); };
  if (transfer.too_large != nullptr) return fail(transfer.answer, ErrorKind::protocol_error, transfer.too_large);
  switch (code) {
    case CURLE_COULDNT_CONNECT: return say_why_not_connected(easy, transfer);
    case CURLE_OPERATION_TIMEDOUT: return say_what_is_late(easy, transfer);
    case CURLE_PEER_FAILED_VERIFICATION: return say_what_certificate(easy, transfer);
    case CURLE_SSL_CONNECT_ERROR: return say_what_handshake(transfer);
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE: return say(ErrorKind::connection_lost, "the answer is not whole");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
    case CURLE_OUT_OF_MEMORY:  // as 7.88 calls a header of more than 100 kB
    case CURLE_WRITE_ERROR: return say(ErrorKind::protocol_error, "the answer is not HTTP");
    case CURLE_SSL_CACERT_BADFILE: return say(ErrorKind::local, "the CA certificates cannot be used");
    default: return say(ErrorKind::local, "libcurl gave up");
  }
}

}  // namespace mailcheck::http
