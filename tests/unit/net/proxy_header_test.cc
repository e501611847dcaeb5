#include "net/proxy_header.h"

#include "support/catch2.h"

using namespace mailcheck;
using net::Endpoint;
using net::proxy_header;
using net::ProxyVersion;

namespace {

Endpoint endpoint(const std::string& address, std::uint16_t port) {
  return {dns::Address::parse(address).value(), port};
}

std::string hex(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 0x0fU];
  }
  return text;
}

const std::string kSignature = "0d0a0d0a000d0a515549540a";

}  // namespace

TEST_CASE("version 1 is a line of words") {
  CHECK(proxy_header(ProxyVersion::v1, endpoint("192.0.2.1", 40001), endpoint("198.51.100.25", 587)) ==
        "PROXY TCP4 192.0.2.1 198.51.100.25 40001 587\r\n");
  CHECK(proxy_header(ProxyVersion::v1, endpoint("2001:db8::1", 40001), endpoint("2001:db8::25", 25)) ==
        "PROXY TCP6 2001:db8::1 2001:db8::25 40001 25\r\n");
}

TEST_CASE("version 2 is signature, version and command, family, length, addresses and ports") {
  CHECK(hex(proxy_header(ProxyVersion::v2, endpoint("192.0.2.1", 40001), endpoint("198.51.100.25", 587))) ==
        kSignature + "2111000c" + "c0000201" + "c6336419" + "9c41" + "024b");
  CHECK(hex(proxy_header(ProxyVersion::v2, endpoint("2001:db8::1", 40001), endpoint("2001:db8::25", 25))) ==
        kSignature + "21210024" + "20010db8000000000000000000000001" + "20010db8000000000000000000000025" + "9c41" +
            "0019");
}

TEST_CASE("the scope of a link-local address stays at home") {
  CHECK(proxy_header(ProxyVersion::v1, endpoint("fe80::1%lo", 1), endpoint("fe80::2%lo", 2)) ==
        "PROXY TCP6 fe80::1 fe80::2 1 2\r\n");
}
