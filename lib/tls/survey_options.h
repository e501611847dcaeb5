// SurveyOptions: what the profile `survey` asks of a server. It holds no credentials, so it may reach what no client
// should use: TLS 1.0 on, every suite with a certificate and encryption (security level 0). Faults are facts, the
// handshake goes on; keys and digests of the chain are still judged by level 2 (RSA 2048, SHA-256).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tls/dane.h"
#include "tls/tlsa.h"

namespace mailcheck::tls {

enum class Version { tls1_0, tls1_1, tls1_2, tls1_3 };

// What the server should sign with, of the certificates that it may have.
enum class KeyType { any, rsa, ecdsa, ed25519 };

// `nobody`: the suites that prove nothing or hide nothing, and no others; to learn why a server refuses all the rest.
enum class Suites { authenticated, nobody };

struct SurveyOptions {
  KeyType key_type = KeyType::any;
  std::optional<Version> only_version = std::nullopt;  // offer this one, nothing older or newer
  Suites suites = Suites::authenticated;
  std::vector<Tlsa> tlsa = {};               // empty: DANE is not looked at
  std::vector<std::string> tlsa_names = {};  // A-labels; usage 2 wants one of them in the certificate
  DaneRules dane_rules = DaneRules::mail_transfer;
};

}  // namespace mailcheck::tls
