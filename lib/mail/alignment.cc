#include "mail/alignment.h"

#include <algorithm>

#include "base/ascii.h"

namespace mailcheck::mail {

Alignment align(const std::string& from_domain, const std::string& domain, const OrganizationalDomain& organizational) {
  const std::string from = base::to_lower(from_domain);
  const std::string other = base::to_lower(domain);
  if (from.empty() || other.empty()) return Alignment::none;
  if (from == other) return Alignment::strict;
  if (!organizational) return Alignment::none;
  const std::string organization = organizational(from);
  const bool is_same = !organization.empty() && base::equals_ignoring_case(organization, organizational(other));
  return is_same ? Alignment::relaxed : Alignment::none;
}

AlignmentFacts align(const std::string& from_domain, const AuthenticationResults& results,
                     const OrganizationalDomain& organizational) {
  AlignmentFacts facts;
  for (const auto& signature : results.dkim) {
    if (!is_pass(signature.result)) continue;
    facts.dkim = std::max(facts.dkim, align(from_domain, signature.domain, organizational));
  }
  // DMARC looks at the envelope sender alone; the name in EHLO is somebody else's.
  if (results.spf && is_pass(results.spf->result) && results.spf->identity != "helo") {
    facts.spf = align(from_domain, results.spf->domain, organizational);
  }
  return facts;
}

bool is_aligned(Alignment alignment, AlignmentMode mode) {
  return alignment == Alignment::strict || (alignment == Alignment::relaxed && mode == AlignmentMode::relaxed);
}

}  // namespace mailcheck::mail
