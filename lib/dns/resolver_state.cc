#include "dns/resolver_state.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace mailcheck::dns {
namespace {

constexpr int kTries = 2;

#ifdef RES_TRUSTAD
constexpr unsigned long kKeepSecurity = RES_TRUSTAD;
#else
constexpr unsigned long kKeepSecurity = 0;  // other libraries ask for the AD bit and keep it without being told
#endif

NameServer name_server(const sockaddr* socket_address, in_port_t port) {
  return {.address = Address::from_socket_address(socket_address).value(), .port = ntohs(port)};
}

}  // namespace

ResolverState::ResolverState() : is_ready_(res_ninit(&state_) == 0) {}

ResolverState::~ResolverState() {
  if (is_ready_) res_nclose(&state_);
}

bool ResolverState::use_system(std::chrono::seconds patience) {
  if (!is_ready_) return false;
  state_.options |= kKeepSecurity;
  state_.retrans = std::min(state_.retrans, static_cast<int>(patience.count()));
  state_.retry = kTries;
  return true;
}

bool ResolverState::use_server(const NameServer& server, std::chrono::seconds patience) {
  if (!is_ready_) return false;
  state_.options = RES_INIT | RES_RECURSE | kKeepSecurity;
  state_.retrans = static_cast<int>(patience.count());
  state_.retry = kTries;
  return server.address.is_ipv6() ? set_ipv6(server) : set_ipv4(server);
}

bool ResolverState::set_ipv4(const NameServer& server) {
  const auto address = server.address.with_port(server.port);
  std::memcpy(&state_.nsaddr_list[0], &address.storage, sizeof state_.nsaddr_list[0]);
  state_.nscount = 1;
  return true;
}

// glibc reads IPv6 servers from a side table, which it leaves alone as long as both counts agree and the entry in the
// main table has no family.
bool ResolverState::set_ipv6([[maybe_unused]] const NameServer& server) {
#ifdef __GLIBC__
  const auto address = server.address.with_port(server.port);
  void* copy = std::malloc(sizeof(sockaddr_in6));  // res_nclose frees it
  if (copy == nullptr) return false;
  std::memcpy(copy, &address.storage, sizeof(sockaddr_in6));
  auto& table = state_._u._ext;
  std::free(table.nsaddrs[0]);
  table.nsaddrs[0] = static_cast<sockaddr_in6*>(copy);
  table.nssocks[0] = -1;
  table.nscount = 1;
  state_.nsaddr_list[0] = {};
  state_.nscount = 1;
  return true;
#else
  return false;
#endif
}

std::vector<NameServer> ResolverState::servers() const {
  std::vector<NameServer> result;
  for (int i = 0; is_ready_ && i < std::min(state_.nscount, MAXNS); ++i) {
    const sockaddr_in& ipv4 = state_.nsaddr_list[i];
    if (ipv4.sin_family == AF_INET) {
      result.push_back(name_server(reinterpret_cast<const sockaddr*>(&ipv4), ipv4.sin_port));
      continue;
    }
#ifdef __GLIBC__
    const sockaddr_in6* ipv6 = state_._u._ext.nsaddrs[i];
    if (ipv6 != nullptr) result.push_back(name_server(reinterpret_cast<const sockaddr*>(ipv6), ipv6->sin6_port));
#endif
  }
  return result;
}

}  // namespace mailcheck::dns
