#include "dns/address.h"

#include <arpa/inet.h>

#include <cstring>

#include "support/catch2.h"

using mailcheck::dns::Address;

TEST_CASE("numeric addresses come back in their canonical form") {
  const auto [text, canonical] = GENERATE(table<std::string, std::string>({
      {"192.0.2.1", "192.0.2.1"},
      {"0.0.0.0", "0.0.0.0"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
      {"::", "::"},
      {"fe80::1%lo", "fe80::1%lo"},
      {"fe80::1%1", "fe80::1%lo"},
  }));
  const auto address = Address::parse(text);
  REQUIRE(address);
  CHECK(address->to_string() == canonical);
}

TEST_CASE("anything but a whole numeric address is refused") {
  const auto text =
      GENERATE(as<std::string>{}, "", "localhost", "127.1", "192.0.2.256", "192.0.2.01", "192.0.2.1 ", "0x7f.0.0.1",
               "2130706433", "[::1]", "192.0.2.1:993", "192.0.2.1%lo", "fe80::1%", "fe80::1%no-such-interface",
               "fe80::1%0", "fe80::1%99999999999", "1::2::3", std::string("192.0.2.1\0x", 11));
  CAPTURE(text);
  CHECK_FALSE(Address::parse(text));
}

TEST_CASE("family and loopback are known") {
  CHECK_FALSE(Address::parse("192.0.2.1")->is_ipv6());
  CHECK(Address::parse("2001:db8::1")->is_ipv6());
  CHECK(Address::parse("127.0.0.1")->is_loopback());
  CHECK(Address::parse("127.255.255.254")->is_loopback());
  CHECK(Address::parse("::1")->is_loopback());
  CHECK_FALSE(Address::parse("128.0.0.1")->is_loopback());
  CHECK_FALSE(Address::parse("126.0.0.1")->is_loopback());
  CHECK_FALSE(Address::parse("::2")->is_loopback());
}

TEST_CASE("a socket address has the port in network order and goes back to the same address without it") {
  const auto text = GENERATE(as<std::string>{}, "192.0.2.1", "2001:db8::1", "fe80::1%lo");
  const auto address = Address::parse(text).value();
  const auto socket_address = address.with_port(993);
  in_port_t port = 0;
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  std::memcpy(&port, reinterpret_cast<const char*>(&socket_address.storage) + offsetof(sockaddr_in, sin_port),
              sizeof port);
  CHECK(ntohs(port) == 993);
  CHECK(socket_address.size == (address.is_ipv6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)));
  const auto back = Address::from_socket_address(reinterpret_cast<const sockaddr*>(&socket_address.storage));
  REQUIRE(back);
  CHECK(*back == address);
}

TEST_CASE("a socket address of another family is no address") {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  CHECK_FALSE(Address::from_socket_address(reinterpret_cast<const sockaddr*>(&storage)));
}

TEST_CASE("an IPv4 address and its mapped IPv6 form differ") {
  CHECK_FALSE(Address::parse("192.0.2.1").value() == Address::parse("::ffff:192.0.2.1").value());
  CHECK(Address::parse("2001:db8::1").value() == Address::parse("2001:DB8:0::1").value());
}
