// Resolver: host name -> addresses, before a deadline. An interface, so that tests bring their own answers.
//
// Implementations: dns/system_resolver.h (getaddrinfo: nsswitch, /etc/hosts), dns/server_resolver.h (asks one named DNS
// server), tests/support/fake_resolver.h.
#pragma once

#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"
#include "dns/address.h"

namespace mailcheck::dns {

enum class Family { any, ipv4, ipv6 };

class Resolver {
 public:
  virtual ~Resolver() = default;
  // The addresses in the order in which they should be tried (RFC 6724 where the system sorts), never an empty list.
  // Errors: stage dns; kind dns (no such name, no address of that family, resolver trouble: detail tells them apart) or
  // timeout. Never outlives the deadline, whatever the resolver does.
  [[nodiscard]] virtual base::Result<std::vector<Address>> addresses(const std::string& host, Family family,
                                                                     base::Deadline deadline) = 0;
};

}  // namespace mailcheck::dns
