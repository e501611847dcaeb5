// The addresses in a DNS answer: of the name asked for, or of the name that its aliases lead to (answer_section.h).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dns/address.h"
#include "dns/record_type.h"

namespace mailcheck::dns {

// Each address once. An empty list: no such record. std::nullopt: the message is malformed, or the aliases go round in
// a circle. The type is a or aaaa.
[[nodiscard]] std::optional<std::vector<Address>> addresses_in(std::span<const unsigned char> message,
                                                               const std::string& host, RecordType type);

// The address in the rdata of A (4 bytes) or AAAA (16 bytes).
[[nodiscard]] std::optional<Address> address_of(std::string_view data, RecordType type);

}  // namespace mailcheck::dns
