// Address: an IPv4 or IPv6 address (with scope id), without a port.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::dns {

class Address {
 public:
  // Numeric forms only ("192.0.2.1", "2001:db8::1", "fe80::1%eth0"); std::nullopt for anything else.
  [[nodiscard]] static std::optional<Address> parse(std::string_view text);
  // From a socket address of family AF_INET or AF_INET6; std::nullopt for other families.
  [[nodiscard]] static std::optional<Address> from_socket_address(const sockaddr* address);

  [[nodiscard]] bool is_ipv6() const { return storage_.sin6_family == AF_INET6; }
  // Loopback: 127.0.0.0/8 and ::1.
  [[nodiscard]] bool is_loopback() const;
  // Canonical text (RFC 5952), without brackets.
  [[nodiscard]] std::string to_string() const;

  struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
  };
  [[nodiscard]] SocketAddress with_port(std::uint16_t port) const;

  friend bool operator==(const Address& a, const Address& b) { return a.to_string() == b.to_string(); }

 private:
  Address() = default;
  sockaddr_in6 storage_{};  // holds a sockaddr_in too: sin6_family tells which
};

}  // namespace mailcheck::dns
