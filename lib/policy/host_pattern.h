// HostPattern: the hosts of an MTA-STS policy, "mail.example.org" or "*.example.org" (RFC 8461 sections 3.2 and 4.1).
#pragma once

#include <string_view>

namespace mailcheck::policy {

// A host name in ASCII as mail uses them: labels of 1 to 63 letters, digits, hyphens (not first or last) and
// underscores, at most 253 characters, no final full stop, the last label not of digits only (so no IPv4 address).
[[nodiscard]] bool is_host_name(std::string_view text);

// A host name, or "*." and a host name.
[[nodiscard]] bool is_host_pattern(std::string_view text);

// The host (with or without a final full stop) is the pattern's; "*" stands for exactly one whole label. Case-blind.
// Nothing matches what is no pattern.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view host);

}  // namespace mailcheck::policy
