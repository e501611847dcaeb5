// What the resolvers have in common before anybody is asked: host names that need no look-up, or must not get one.
#pragma once

#include <optional>
#include <string>

#include "dns/bounded_lookup.h"
#include "dns/resolver.h"

namespace mailcheck::dns {

// The answer for a numeric host ("192.0.2.1", "2001:db8::1"), if it is of the family; the error for one that is not,
// and for a host that is no ASCII host name (empty, longer than 254 characters, white space, control characters, 8-bit:
// the caller converts U-labels). std::nullopt: ask.
[[nodiscard]] std::optional<Answer> answer_without_asking(const std::string& host, Family family);

// Not empty, at most 254 characters of visible ASCII.
[[nodiscard]] bool is_askable(const std::string& host);

// An error of stage dns and kind dns.
[[nodiscard]] base::Error lookup_failed(std::string detail);

// "IPv4 address", "IPv6 address", or "address" for Family::any.
[[nodiscard]] std::string address_of_family(Family family);

// A name that has addresses, but none of the one family asked for: "host name x has no IPv6 address, only IPv4".
[[nodiscard]] base::Error only_other_family(const std::string& host, Family asked);

}  // namespace mailcheck::dns
