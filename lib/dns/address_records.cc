#include "dns/address_records.h"

#include <algorithm>
#include <cstring>

#include "dns/answer_section.h"

namespace mailcheck::dns {

std::optional<Address> address_of(std::string_view data, RecordType type) {
  if (type == RecordType::a) {
    sockaddr_in address{};
    if (data.size() != sizeof address.sin_addr) return std::nullopt;
    address.sin_family = AF_INET;
    std::memcpy(&address.sin_addr, data.data(), data.size());
    return Address::from_socket_address(reinterpret_cast<const sockaddr*>(&address));
  }
  sockaddr_in6 address{};
  if (data.size() != sizeof address.sin6_addr) return std::nullopt;
  address.sin6_family = AF_INET6;
  std::memcpy(&address.sin6_addr, data.data(), data.size());
  return Address::from_socket_address(reinterpret_cast<const sockaddr*>(&address));
}

std::optional<std::vector<Address>> addresses_in(std::span<const unsigned char> message, const std::string& host,
                                                 RecordType type) {
  const auto answer = read_answer(message, host, type);
  if (!answer) return std::nullopt;
  std::vector<Address> result;
  for (const std::string& data : answer->data) {
    const auto address = address_of(data, type);
    if (!address) return std::nullopt;
    if (std::find(result.begin(), result.end(), *address) == result.end()) result.push_back(*address);
  }
  return result;
}

}  // namespace mailcheck::dns
