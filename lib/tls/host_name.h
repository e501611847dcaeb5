// Host name: is this certificate for that host? RFC 6125 as mail clients do it: subjectAltName only (never the common
// name), wildcards only as a whole left-most label, IP addresses only against iPAddress.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tls/certificate.h"
#include "tls/session_facts.h"

struct x509_st;

namespace mailcheck::tls {

// std::nullopt if the certificate is for at least one of the names (A-labels or IP addresses, no trailing dot).
[[nodiscard]] std::optional<VerifyFault> check_names(x509_st* leaf, const Certificate& description,
                                                     const std::vector<std::string>& names);

}  // namespace mailcheck::tls
