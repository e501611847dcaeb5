// Certificate: what a person wants to know of one X.509 certificate, as plain values. Nothing here judges.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"

namespace mailcheck::tls {

struct Certificate {
  std::string subject;  // RFC 2253 form, UTF-8
  std::string issuer;
  std::string serial;                     // hex
  std::vector<std::string> dns_names;     // subjectAltName dNSName
  std::vector<std::string> ip_addresses;  // subjectAltName iPAddress
  base::WallTime not_before{};
  base::WallTime not_after{};
  std::string key;                  // "RSA 2048", "EC P-256", "ED25519"
  std::string signature_algorithm;  // "sha256WithRSAEncryption"
  std::string sha256;               // fingerprint, hex, lower case, no colons
  std::string public_key_sha256;    // of the SubjectPublicKeyInfo, base64: what is pinned (RFC 7469 section 2.4)
  bool is_self_issued = false;      // subject equals issuer
};

}  // namespace mailcheck::tls
