// Alignment: whether SPF and DKIM speak of the domain that stands in From (RFC 9989, DMARC; RFC 7489 section 3.1 before
// it). Computed here, for a server's own "dmarc=pass" does not say by what.
//
// Strict is the same domain, relaxed the same organizational domain. How that is found (tree walk, public suffix list)
// is the caller's: a function from a domain to its organizational domain, empty if there is none.
// Domains are compared case-blind and as they are: U-labels and A-labels are not turned into each other here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mail/authentication_results.h"

namespace mailcheck::mail {

// What is asked for.
enum class AlignmentMode { strict, relaxed };
// What is so, the better one last: strict alignment is relaxed alignment too.
enum class Alignment { none, relaxed, strict };

using OrganizationalDomain = std::function<std::string(const std::string&)>;

struct AlignmentFacts {
  Alignment dkim = Alignment::none;  // the best of the signatures that passed
  Alignment spf = Alignment::none;
};

// Without a function only the same domain is aligned. An empty domain is aligned with nothing.
[[nodiscard]] Alignment align(const std::string& from_domain, const std::string& domain,
                              const OrganizationalDomain& organizational);
[[nodiscard]] AlignmentFacts align(const std::string& from_domain, const AuthenticationResults& results,
                                   const OrganizationalDomain& organizational);

[[nodiscard]] bool is_aligned(Alignment alignment, AlignmentMode mode);

}  // namespace mailcheck::mail
