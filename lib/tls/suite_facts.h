// Suite facts: what the agreed cipher suite and key exchange are worth, as plain values. Names of both stand in
// session_facts.h.
#pragma once

#include <optional>
#include <string>

struct ssl_st;

namespace mailcheck::tls {

struct SuiteFacts {
  bool is_forward_secret = false;  // the session's keys come from an ephemeral exchange
  bool is_anonymous = false;       // the suite has no certificate: anybody may be the other end
  bool has_encryption = false;
  int strength_bits = 0;      // of the cipher; 112 for 3DES
  std::string weakness = {};  // "RC4", "3DES", "DES", "export"; empty: none known
  int group_bits = 0;         // of the server's ephemeral key: 2048 for DH, 256 for P-256, 253 for X25519; 0: unknown
  std::string weak_signature = {};       // digest of the server's signature, if it is broken: "SHA1"; TLS 1.2 only
  bool has_secure_renegotiation = true;  // RFC 5746; TLS 1.3 has no renegotiation
  bool is_finite_field_group = false;    // DH, in contrast to elliptic curves
};

// std::nullopt until the server has chosen a suite. A hybrid (post-quantum) group shows no key: its bits are unknown.
[[nodiscard]] std::optional<SuiteFacts> read_suite(ssl_st* session);

// By OpenSSL's number of the cipher (NID_*) and its bits.
[[nodiscard]] std::string cipher_weakness(int cipher_nid, int bits);

}  // namespace mailcheck::tls
