#include "dns/question.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailcheck::dns {
namespace {

constexpr std::size_t kLongestName = 254;  // RFC 1035 section 2.3.4, with the final full stop

bool is_of_family(const Address& address, Family family) {
  return family == Family::any || address.is_ipv6() == (family == Family::ipv6);
}

}  // namespace

bool is_askable(const std::string& host) {
  const auto is_visible_ascii = [](char c) { return c > ' ' && c < '\x7f'; };
  return !host.empty() && host.size() <= kLongestName && std::all_of(host.begin(), host.end(), is_visible_ascii);
}

base::Error lookup_failed(std::string detail) {
  return {.stage = base::Stage::dns, .kind = base::ErrorKind::dns, .detail = std::move(detail)};
}

std::string address_of_family(Family family) {
  if (family == Family::any) return "address";
  return family == Family::ipv4 ? "IPv4 address" : "IPv6 address";
}

base::Error only_other_family(const std::string& host, Family asked) {
  const std::string_view other = asked == Family::ipv4 ? "IPv6" : "IPv4";
  return lookup_failed(fmt::format("host name {} has no {}, only {}", host, address_of_family(asked), other));
}

std::optional<Answer> answer_without_asking(const std::string& host, Family family) {
  if (const auto address = Address::parse(host)) {
    if (is_of_family(*address, family)) return Answer(std::vector<Address>{*address});
    return Answer(base::fail(lookup_failed(fmt::format("{} is no {}", host, address_of_family(family)))));
  }
  if (is_askable(host)) return std::nullopt;
  return Answer(
      base::fail(lookup_failed(host.empty() ? "the host name is empty" : "not a host name that can be asked")));
}

}  // namespace mailcheck::dns
