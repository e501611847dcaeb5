#include "net/proxy_header.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <cstring>

namespace mailcheck::net {
namespace {

// "TCP4 192.0.2.1": without the scope of a link-local address, which means nothing to another machine.
std::string bare(const dns::Address& address) {
  const std::string text = address.to_string();
  return text.substr(0, text.find('%'));
}

std::string raw_address(const dns::Address& address) {
  const auto socket_address = address.with_port(0);
  if (address.is_ipv6()) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &socket_address.storage, sizeof ipv6);
    return {reinterpret_cast<const char*>(&ipv6.sin6_addr), sizeof ipv6.sin6_addr};
  }
  sockaddr_in ipv4{};
  std::memcpy(&ipv4, &socket_address.storage, sizeof ipv4);
  return {reinterpret_cast<const char*>(&ipv4.sin_addr), sizeof ipv4.sin_addr};
}

std::string big_endian(std::uint16_t number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}

std::string version_1(const Endpoint& source, const Endpoint& destination) {
  return fmt::format("PROXY TCP{} {} {} {} {}\r\n", source.address.is_ipv6() ? 6 : 4, bare(source.address),
                     bare(destination.address), source.port, destination.port);
}

// Section 2.2: signature, version and command (PROXY), family and transport (stream), length, addresses, ports.
std::string version_2(const Endpoint& source, const Endpoint& destination) {
  const std::string addresses = raw_address(source.address) + raw_address(destination.address) +
                                big_endian(source.port) + big_endian(destination.port);
  std::string header("\r\n\r\n\0\r\nQUIT\n", 12);
  header += '\x21';
  header += source.address.is_ipv6() ? '\x21' : '\x11';
  header += big_endian(static_cast<std::uint16_t>(addresses.size()));
  return header + addresses;
}

}  // namespace

std::string proxy_header(ProxyVersion version, const Endpoint& source, const Endpoint& destination) {
  return version == ProxyVersion::v1 ? version_1(source, destination) : version_2(source, destination);
}

}  // namespace mailcheck::net
