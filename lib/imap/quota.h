// QUOTA response (RFC 9208 section 4.2): resources of one quota root.
//
//   "*" SP "QUOTA" SP astring SP "(" [name SP used SP limit *(SP name SP used SP limit)] ")"
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "imap/facts.h"

namespace mailcheck::imap {

// `data` of a response named QUOTA; std::nullopt if it is malformed, or names things longer than any server does (a
// root of 1000 bytes, a resource of 100). Names are given in upper case.
[[nodiscard]] std::optional<std::vector<QuotaResource>> parse_quota(std::string_view data);

}  // namespace mailcheck::imap
