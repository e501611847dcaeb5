// OCSP staple: the answer about its own certificate that a server may send in the handshake (RFC 6066 section 8, RFC
// 6960), read and checked. A report of what it says; whether a server has to send one is requires_staple().
//
// Who may sign: the certificate's issuer, or a responder whose certificate that issuer has signed for this purpose
// (extended key usage OCSPSigning, RFC 6960 section 4.2.2.2). The issuer is the one that was sent and has signed the
// leaf, else one from the store. Whether that issuer is trusted is not asked: the chain is judged elsewhere, and a
// revoked certificate is revoked under any root. Nothing is fetched. Time is `now` only, never the system's clock.
// Does not look at: nonces (a staple has none), the issuer's own dates, weak keys and digests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

struct stack_st_X509;
struct x509_st;
struct x509_store_st;

namespace mailcheck::tls {

struct StapleFacts {
  enum class Status {
    absent,
    good,
    revoked,              // told for an old answer too: no certificate comes back from that
    unknown_certificate,  // the responder does not know it
    stale,                // past nextUpdate (without one: a week old) or before thisUpdate, by more than five minutes
    invalid,              // cannot be parsed, not successful, about another certificate, or not signed by one who may
  };
  Status status = Status::absent;
  base::WallTime this_update{};  // these are set unless absent or invalid
  std::optional<base::WallTime> next_update = {};
  std::optional<base::WallTime> revoked_at = {};
  std::string reason = {};  // "keyCompromise"; empty if none is given
  std::string detail = {};  // why invalid
};

// der: as the server sent it, empty if it sent none; more than 64 KiB are invalid. sent_chain: the leaf may be in it;
// it and the store may be nullptr. OpenSSL's error queue is empty afterwards.
[[nodiscard]] StapleFacts read_staple(std::string_view der, x509_st* leaf, stack_st_X509* sent_chain,
                                      x509_store_st* store, base::WallTime now);

// True if the certificate demands a staple ("must-staple"): TLS feature status_request, RFC 7633.
[[nodiscard]] bool requires_staple(const x509_st* certificate);

}  // namespace mailcheck::tls
