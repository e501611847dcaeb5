#include "dns/reachable_first.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace mailcheck::dns {
namespace {

constexpr std::uint16_t kAnyPort = 53;

// Asks the system without sending anything: connecting a datagram socket only looks for a route.
bool has_route(const Address& address) {
  const int socket = ::socket(address.is_ipv6() ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const auto target = address.with_port(kAnyPort);
  const bool is_reached = ::connect(socket, reinterpret_cast<const sockaddr*>(&target.storage), target.size) == 0;
  ::close(socket);
  return is_reached;
}

}  // namespace

void put_reachable_first(std::vector<Address>& addresses) {
  std::stable_partition(addresses.begin(), addresses.end(), has_route);
}

}  // namespace mailcheck::dns
