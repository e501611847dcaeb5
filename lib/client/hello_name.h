// The name that a client says in EHLO or LHLO.
#pragma once

#include <string>

#include "client/connection.h"

namespace mailcheck::client {

// The given one; who has none says its address (RFC 5321 section 4.1.4): "[192.0.2.7]", "[IPv6:2001:db8::7]", without
// the zone of a link-local one; over a Unix socket "localhost".
[[nodiscard]] std::string hello_name(const std::string& given, const Connection& connection);

}  // namespace mailcheck::client
