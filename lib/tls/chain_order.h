// Chain order: what is odd in the list of certificates that a server sends, next to the path that was verified. Clients
// cope with all of it; a pure function of plain values.
//
// A certificate is told once: as a duplicate, else as surplus, else as a root. Order is asked of the rest: each should
// be the issuer of the one before (RFC 5246 section 7.4.2; TLS 1.3 demands no more than the leaf first), by names only.
// Identity is the SHA-256 fingerprint; a root is who names itself as its issuer.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "tls/certificate.h"

namespace mailcheck::tls {

struct ChainRemark {
  enum class Kind {
    wrong_order,  // told once, at the first that stands wrong
    surplus,      // not in the verified path; the detail says if it has expired
    root_sent,    // in the verified path, but whoever trusts it has it
    duplicate,
  };
  Kind kind;
  std::string detail;

  bool operator==(const ChainRemark&) const = default;
};

// The first 16 remarks, in the order sent, the order's own last. verified empty: no path is known, nothing is surplus.
[[nodiscard]] std::vector<ChainRemark> find_chain_remarks(const std::vector<Certificate>& sent,
                                                          const std::vector<Certificate>& verified, base::WallTime now);

}  // namespace mailcheck::tls
