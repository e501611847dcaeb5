#include "tls/handshake_words.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace mailcheck::tls {
namespace {

using base::ErrorKind;
using base::Stage;

struct Words {
  int reason;
  ErrorKind kind;
  std::string_view text;  // "{}" stands for our oldest version
};

constexpr ErrorKind kFailed = ErrorKind::tls_handshake;
constexpr ErrorKind kOld = ErrorKind::old_protocol;

// Reasons from 1000 on are alerts of the server (its number + 1000).
constexpr std::array kWords = {
    Words{SSL_R_UNSUPPORTED_PROTOCOL, kOld, "server speaks no {} or newer"},
    Words{SSL_R_VERSION_TOO_LOW, kOld, "server speaks no {} or newer"},
    Words{SSL_R_WRONG_SSL_VERSION, kOld, "server speaks no {} or newer"},
    Words{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, kOld, "server speaks no {} or newer, it says (alert 70)"},
    Words{SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, kOld,
          "server speaks only TLS 1.0 or 1.1, whose signatures this system's security level forbids"},
    Words{SSL_R_WRONG_VERSION_NUMBER, kFailed, "server's answer is not TLS"},
    Words{SSL_R_UNEXPECTED_EOF_WHILE_READING, kFailed, "server closed the connection during the handshake"},
    Words{SSL_R_DH_KEY_TOO_SMALL, kFailed, "server's Diffie-Hellman key is too small for this system's security level"},
    Words{SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED, kFailed, "server lacks secure renegotiation (RFC 5746)"},
    Words{SSL_R_EXCESSIVE_MESSAGE_SIZE, kFailed, "server sent an oversized handshake message"},
    Words{SSL_R_NO_PROTOCOLS_AVAILABLE, ErrorKind::local,
          "no TLS version is left: this system's policy forbids {} and newer"},
    Words{SSL_R_WRONG_SIGNATURE_TYPE, kFailed, "server signs in a way that this system's policy forbids"},
    Words{SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, kFailed, "no signature algorithm in common"},
    Words{SSL_R_WRONG_CIPHER_RETURNED, kFailed, "server chose a cipher suite that was not offered"},
    Words{SSL_R_SSLV3_ALERT_UNEXPECTED_MESSAGE, kFailed, "server refused the handshake: unexpected message (alert 10)"},
    Words{SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, kFailed,
          "server refused the handshake: nothing in common in versions, cipher suites or certificates (alert 40)"},
    Words{SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, kFailed, "server refused the client certificate (alert 42, bad)"},
    Words{SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, kFailed,
          "server refused the client certificate (alert 43, unsupported kind or purpose)"},
    Words{SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, kFailed, "server refused the client certificate (alert 44, revoked)"},
    Words{SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, kFailed, "server refused the client certificate (alert 45, expired)"},
    Words{SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, kFailed, "server refused the client certificate (alert 46, unknown)"},
    Words{SSL_R_TLSV1_ALERT_UNKNOWN_CA, kFailed, "server refused the client certificate (alert 48, unknown CA)"},
    Words{SSL_R_TLSV1_ALERT_ACCESS_DENIED, kFailed, "server denied access (alert 49)"},
    Words{SSL_R_TLSV1_ALERT_DECODE_ERROR, kFailed, "server cannot read our handshake (alert 50)"},
    Words{SSL_R_TLSV1_ALERT_DECRYPT_ERROR, kFailed,
          "server found a signature or key of the handshake wrong (alert 51)"},
    Words{SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY, kFailed,
          "server refused the handshake: our cipher suites are too weak for it (alert 71)"},
    Words{SSL_R_TLSV1_ALERT_INTERNAL_ERROR, kFailed, "server had an internal error (alert 80)"},
    Words{SSL_R_TLSV1_ALERT_INAPPROPRIATE_FALLBACK, kFailed,
          "server refused the handshake: inappropriate fallback (alert 86)"},
    Words{1112, kFailed, "server does not know the host name asked for (alert 112, SNI)"},
    Words{SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, kFailed, "server demands a client certificate (alert 116)"},
};

std::string_view version_name(int version) {
  switch (version) {
    case TLS1_3_VERSION: return "TLS 1.3";
    case TLS1_1_VERSION: return "TLS 1.1";
    case TLS1_VERSION: return "TLS 1.0";
    default: return "TLS 1.2";
  }
}

std::string fill(std::string_view text, int minimum_version) {
  std::string out(text);
  if (const auto at = out.find("{}"); at != std::string::npos) out.replace(at, 2, version_name(minimum_version));
  return out;
}

// context.cc keeps OpenSSL from loading these texts at start.
const char* openssl_text(unsigned long code) {
#if OPENSSL_VERSION_MAJOR < 4 && !defined(OPENSSL_NO_DEPRECATED_3_0)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  ERR_load_SSL_strings();
#pragma GCC diagnostic pop
#endif
  return ERR_reason_error_string(code);
}

std::string unknown_reason(unsigned long code) {
  const int reason = ERR_GET_REASON(code);
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET) {
    return fmt::format("server broke off the handshake (alert {})", reason - SSL_AD_REASON_OFFSET);
  }
  if (code == 0) return "TLS handshake failed";
  const char* text = openssl_text(code);
  return text == nullptr ? fmt::format("TLS handshake failed (OpenSSL error {:08X})", code)
                         : fmt::format("TLS handshake failed: {}", text);
}

}  // namespace

base::Error record_error(unsigned long code) {
  const char* text = openssl_text(code);
  return {Stage::tls, ErrorKind::protocol_error,
          fmt::format("broken TLS data: {}", text == nullptr ? "unknown" : text)};
}

bool is_offer_refused(const base::Error& error) {
  return std::any_of(kWords.begin(), kWords.end(), [&error](const Words& words) {
    const bool is_refusal =
        words.reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE || words.reason == SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY;
    return is_refusal && error.kind == words.kind && error.detail == words.text;
  });
}

base::Error handshake_error(unsigned long code, int minimum_version) {
  const auto known = std::find_if(kWords.begin(), kWords.end(), [code](const Words& words) {
    return ERR_GET_LIB(code) == ERR_LIB_SSL && words.reason == ERR_GET_REASON(code);
  });
  if (known == kWords.end()) return {Stage::tls, kFailed, unknown_reason(code)};
  return {Stage::tls, known->kind, fill(known->text, minimum_version)};
}

}  // namespace mailcheck::tls
