// ServerResolver: asks one named DNS server, over UDP and (truncated answers) TCP. For --resolver.
//
// A and AAAA records; aliases (CNAME) are followed as far as the answer contains them, as a recursive server's does.
// Neither nsswitch nor /etc/hosts nor the search list of resolv.conf is looked at: the name is taken as absolute. With
// Family::any both are asked, AAAA first; one of them unanswered or empty is no error while the other has addresses.
// Addresses that this machine has no route to come last (RFC 6724 rule 1); within that IPv6 stands before IPv4.
// DNSSEC is not looked at.
//
// Errors, in words: the host name does not exist (NXDOMAIN), it has no such address, the server failed (SERVFAIL) or
// refused (REFUSED), its answer was malformed (all kind dns); it did not answer (kind timeout).
#pragma once

#include <cstdint>
#include <string_view>

#include "dns/resolver.h"

namespace mailcheck::dns {

class ServerResolver : public Resolver {
 public:
  explicit ServerResolver(Address server, std::uint16_t port = 53) : server_(server), port_(port) {}
  // "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]", "[2001:db8::53]:5353". Numeric addresses only.
  // Errors: kind local, the detail says what is wrong.
  [[nodiscard]] static base::Result<ServerResolver> parse(std::string_view text);

  [[nodiscard]] const Address& server() const { return server_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] base::Result<std::vector<Address>> addresses(const std::string& host, Family family,
                                                             base::Deadline deadline) override;

 private:
  Address server_;
  std::uint16_t port_;
};

}  // namespace mailcheck::dns
