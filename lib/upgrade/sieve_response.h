// SieveResponse: one line of a ManageSieve server, framed already (RFC 5804 sections 1.2, 1.7, 4): a capability or the
// reply that ends an answer.
//
//   capability = string [SP string]
//   reply      = ("OK" / "NO" / "BYE") [SP "(" code ")"] [SP string]
//   string     = quoted / "{" n ["+"] "}" CRLF n octets
//
// Tolerated: a text that is no string is taken as it stands. A code whose parenthesis never closes is malformed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "upgrade/reply.h"

namespace mailcheck::upgrade {

struct SieveCapability {
  std::string line;  // name and value without quotes, a space between them: "SASL PLAIN LOGIN"; untrusted
};

// std::nullopt: neither.
[[nodiscard]] std::optional<std::variant<SieveCapability, Reply>> parse_sieve_response(std::string_view frame);

}  // namespace mailcheck::upgrade
