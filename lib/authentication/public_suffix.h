// The organizational domain by the public suffix list, as RFC 7489 section 3.2 had it: the label below the longest
// public suffix, and that suffix. For where the DNS may not be asked, or does not answer (dmarc_discovery.h).
//
// The list is the one built into libpsl, private suffixes (github.io) included; a top-level domain that it does not
// know is a public suffix. Nothing is read from disk and nobody is asked.
#pragma once

#include <string>

namespace mailcheck::authentication {

// In lower case and A-labels. A public suffix, and so a single label, is its own. What is no domain name (an IP
// address, nonsense) comes back as it is.
[[nodiscard]] std::string organizational_domain_by_list(const std::string& domain);

}  // namespace mailcheck::authentication
