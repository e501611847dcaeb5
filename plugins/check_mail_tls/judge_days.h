// How long the certificates are good for: cert_days, chain_days, lifetime_left, and their limits. Part of judge.
#pragma once

#include <string>
#include <vector>

#include "plugins/check_mail_tls/judge.h"
#include "plugins/check_mail_tls/judge_look.h"

namespace mailcheck::plugins::mail_tls {

// Of one connection: whose certificates these are, for the words of a finding.
struct DatedLook {
  const probe::TlsLook& look;
  std::string where;
  ChainRule rule = ChainRule::pkix;  // dane_vouches: the end is no more than a warning, as "expired" is
};

// Of several connections the number that is worst by its limits. Where the user gave no range for a label, the limits
// are warning below min(21 days, a quarter of the certificate's lifetime) and critical below min(7 days, an eighth), so
// that one of 6 days is not always red; a range for cert_days alone holds for chain_days where the certificate itself
// ends first. A certificate of the chain that is below these and is not the one that ends
// first has a finding of its own. What has ended already is told by "expired" alone.
void judge_days(plugin::Report& report, const std::vector<DatedLook>& looks, const Limits& limits);

// The path that was built, else what was sent; leaf first; empty if the handshake did not come so far.
[[nodiscard]] const std::vector<tls::Certificate>& chain_of(const probe::TlsLook& look);

// Percent of its life that a certificate has before it.
[[nodiscard]] double lifetime_left(const tls::Certificate& certificate, base::WallTime now);

}  // namespace mailcheck::plugins::mail_tls
