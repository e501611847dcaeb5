#include "client/hello_name.h"

#include <fmt/format.h>

namespace mailcheck::client {

std::string hello_name(const std::string& given, const Connection& connection) {
  if (!given.empty()) return given;
  if (!connection.local()) return "localhost";
  const dns::Address& address = connection.local()->address;
  const std::string text = address.to_string();
  return fmt::format("[{}{}]", address.is_ipv6() ? "IPv6:" : "", text.substr(0, text.find('%')));
}

}  // namespace mailcheck::client
