#include "dns/address.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <array>
#include <cstring>
#include <limits>

#include "base/number.h"

namespace mailcheck::dns {
namespace {

// The index of "eth0" or "2"; 0 if there is no such interface.
std::uint32_t interface_index(const std::string& scope) {
  if (const auto number = base::parse_unsigned(scope)) {
    return *number <= std::numeric_limits<std::uint32_t>::max() ? static_cast<std::uint32_t>(*number) : 0;
  }
  return scope.size() < IF_NAMESIZE ? if_nametoindex(scope.c_str()) : 0;
}

std::string interface_name(std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  return if_indextoname(index, name.data()) != nullptr ? std::string(name.data()) : std::to_string(index);
}

// The IPv4 address that is stored where an IPv6 one would be.
sockaddr_in as_ipv4(const sockaddr_in6& storage) {
  sockaddr_in address{};
  std::memcpy(&address, &storage, sizeof address);
  return address;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::size_t percent = text.find('%');
  const std::string number(text.substr(0, percent));
  Address result;
  sockaddr_in ipv4{};
  if (percent == std::string_view::npos && inet_pton(AF_INET, number.c_str(), &ipv4.sin_addr) == 1) {
    ipv4.sin_family = AF_INET;
    std::memcpy(&result.storage_, &ipv4, sizeof ipv4);
    return result;
  }
  if (inet_pton(AF_INET6, number.c_str(), &result.storage_.sin6_addr) != 1) return std::nullopt;
  result.storage_.sin6_family = AF_INET6;
  if (percent == std::string_view::npos) return result;
  result.storage_.sin6_scope_id = interface_index(std::string(text.substr(percent + 1)));
  return result.storage_.sin6_scope_id != 0 ? std::optional(result) : std::nullopt;
}

std::optional<Address> Address::from_socket_address(const sockaddr* address) {
  Address result;
  if (address->sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, address, sizeof ipv4);
    ipv4.sin_port = 0;
    std::memcpy(&result.storage_, &ipv4, sizeof ipv4);
    return result;
  }
  if (address->sa_family != AF_INET6) return std::nullopt;
  std::memcpy(&result.storage_, address, sizeof result.storage_);
  result.storage_.sin6_port = 0;
  result.storage_.sin6_flowinfo = 0;
  return result;
}

bool Address::is_loopback() const {
  if (is_ipv6()) return IN6_IS_ADDR_LOOPBACK(&storage_.sin6_addr);
  return ntohl(as_ipv4(storage_).sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

std::string Address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (!is_ipv6()) {
    const sockaddr_in ipv4 = as_ipv4(storage_);
    inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
    return text.data();
  }
  inet_ntop(AF_INET6, &storage_.sin6_addr, text.data(), text.size());
  const std::string number = text.data();
  return storage_.sin6_scope_id == 0 ? number : number + '%' + interface_name(storage_.sin6_scope_id);
}

Address::SocketAddress Address::with_port(std::uint16_t port) const {
  SocketAddress result;
  if (is_ipv6()) {
    sockaddr_in6 ipv6 = storage_;
    ipv6.sin6_port = htons(port);
    result.size = sizeof ipv6;
    std::memcpy(&result.storage, &ipv6, sizeof ipv6);
    return result;
  }
  sockaddr_in ipv4 = as_ipv4(storage_);
  ipv4.sin_port = htons(port);
  result.size = sizeof ipv4;
  std::memcpy(&result.storage, &ipv4, sizeof ipv4);
  return result;
}

}  // namespace mailcheck::dns
