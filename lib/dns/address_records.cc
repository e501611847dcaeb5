#include "dns/address_records.h"

#include <arpa/nameser.h>
#include <resolv.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace mailcheck::dns {
namespace {

constexpr int kMostAliases = 16;

struct Alias {
  std::string from;
  std::string to;
};

struct Found {
  std::string name;
  Address address;
};

// The answer section, as far as it matters here.
struct Records {
  std::vector<Alias> aliases;
  std::vector<Found> addresses;
};

std::string_view without_final_stop(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool is_same(std::string_view one, std::string_view other) {
  one = without_final_stop(one);
  other = without_final_stop(other);
  return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

std::optional<Address> address_of(const ns_rr& record, RecordType type) {
  if (type == RecordType::a) {
    sockaddr_in address{};
    if (ns_rr_rdlen(record) != sizeof address.sin_addr) return std::nullopt;
    address.sin_family = AF_INET;
    std::memcpy(&address.sin_addr, ns_rr_rdata(record), sizeof address.sin_addr);
    return Address::from_socket_address(reinterpret_cast<const sockaddr*>(&address));
  }
  sockaddr_in6 address{};
  if (ns_rr_rdlen(record) != sizeof address.sin6_addr) return std::nullopt;
  address.sin6_family = AF_INET6;
  std::memcpy(&address.sin6_addr, ns_rr_rdata(record), sizeof address.sin6_addr);
  return Address::from_socket_address(reinterpret_cast<const sockaddr*>(&address));
}

std::optional<std::string> alias_target(const ns_msg& message, const ns_rr& record) {
  std::array<char, NS_MAXDNAME> name{};
  const int size =
      ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record), name.data(), name.size());
  return size < 0 ? std::nullopt : std::optional<std::string>(name.data());
}

// False: malformed.
bool add_record(const ns_msg& message, const ns_rr& record, RecordType type, Records& records) {
  if (ns_rr_class(record) != ns_c_in) return true;
  if (ns_rr_type(record) == ns_t_cname) {
    auto target = alias_target(message, record);
    if (target) records.aliases.push_back({ns_rr_name(record), std::move(*target)});
    return target.has_value();
  }
  if (ns_rr_type(record) != (type == RecordType::a ? ns_t_a : ns_t_aaaa)) return true;
  const auto address = address_of(record, type);
  if (address) records.addresses.push_back({ns_rr_name(record), *address});
  return address.has_value();
}

std::optional<Records> read_answer(std::span<const unsigned char> bytes, RecordType type) {
  ns_msg message;
  if (ns_initparse(bytes.data(), static_cast<int>(bytes.size()), &message) != 0) return std::nullopt;
  Records records;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) return std::nullopt;
    if (!add_record(message, record, type, records)) return std::nullopt;
  }
  return records;
}

// Where the aliases lead; std::nullopt: in a circle.
std::optional<std::string> follow(const std::vector<Alias>& aliases, std::string name) {
  for (int hops = 0; hops <= kMostAliases; ++hops) {
    const auto alias =
        std::find_if(aliases.begin(), aliases.end(), [&](const Alias& a) { return is_same(a.from, name); });
    if (alias == aliases.end()) return name;
    name = alias->to;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<Address>> addresses_in(std::span<const unsigned char> message, const std::string& host,
                                                 RecordType type) {
  const auto records = read_answer(message, type);
  if (!records) return std::nullopt;
  const auto name = follow(records->aliases, host);
  if (!name) return std::nullopt;
  std::vector<Address> result;
  for (const Found& found : records->addresses) {
    const bool is_new = std::find(result.begin(), result.end(), found.address) == result.end();
    if (is_new && is_same(found.name, *name)) result.push_back(found.address);
  }
  return result;
}

}  // namespace mailcheck::dns
