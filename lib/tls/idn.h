// IDN: host names as people write them -> as DNS, SNI and certificates have them (A-labels, RFC 5890).
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mailcheck::tls {

// UTF-8 in, ASCII out, by IDNA 2008 with the mapping of UTS 46 (non-transitional: "ß" stays itself). One trailing dot
// is removed. Names of ASCII only, and IP addresses, pass as they are without touching the library. Errors: stage dns,
// kind local: empty, a leading dot, a NUL, or what IDNA refuses.
[[nodiscard]] base::Result<std::string> to_ascii(std::string_view host);

// IPv4 or IPv6 address in text form (no brackets, no port, no zone).
[[nodiscard]] bool is_ip_address(const std::string& text);

}  // namespace mailcheck::tls
