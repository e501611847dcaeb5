// Proxy header: what a load balancer puts in front of a connection to tell the server who the client is (PROXY
// protocol, versions 1 and 2, https://www.haproxy.org/download/1.8/doc/proxy-protocol.txt). Ours tells the true
// addresses: a server that expects the header then judges this machine as if it had come without one.
#pragma once

#include <cstdint>
#include <string>

#include "dns/address.h"

namespace mailcheck::net {

enum class ProxyVersion { v1, v2 };

struct Endpoint {
  dns::Address address;
  std::uint16_t port = 0;
};

// The bytes to be sent before anything else. Precondition: both of one family, as they are on one connection.
[[nodiscard]] std::string proxy_header(ProxyVersion version, const Endpoint& source, const Endpoint& destination);

}  // namespace mailcheck::net
