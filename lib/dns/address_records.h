// The addresses in a DNS answer (RFC 1035 section 4): of the name asked for, or of the name that its aliases lead to.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dns/address.h"

namespace mailcheck::dns {

enum class RecordType { a, aaaa };

// Follows CNAME records of the answer section in whatever order they stand, at most 16 of them; records of other names
// and of other types are ignored. An empty list: no such record. std::nullopt: the message is malformed, or the aliases
// go round in a circle.
[[nodiscard]] std::optional<std::vector<Address>> addresses_in(std::span<const unsigned char> message,
                                                               const std::string& host, RecordType type);

}  // namespace mailcheck::dns
