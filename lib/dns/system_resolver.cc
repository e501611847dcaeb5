#include "dns/system_resolver.h"

#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "dns/bounded_lookup.h"
#include "dns/question.h"

namespace mailcheck::dns {
namespace {

struct Lookup {
  int code = 0;  // EAI_...
  int system_error = 0;
  std::vector<Address> addresses;
};

int address_family(Family family) {
  if (family == Family::any) return AF_UNSPEC;
  return family == Family::ipv4 ? AF_INET : AF_INET6;
}

Lookup look_up(const std::string& host, Family family, int flags) {
  addrinfo hints{};
  hints.ai_family = address_family(family);
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  Lookup result;
  result.code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  result.system_error = errno;
  if (result.code != 0) return result;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    const auto address = Address::from_socket_address(entry->ai_addr);
    const auto& known = result.addresses;
    if (address && std::find(known.begin(), known.end(), *address) == known.end()) result.addresses.push_back(*address);
  }
  return result;
}

// The codes by which getaddrinfo says that there is nothing to be had; which of them depends on the nsswitch module.
bool has_nothing(const Lookup& lookup) {
  return lookup.code == EAI_NONAME || lookup.code == EAI_NODATA || lookup.code == EAI_ADDRFAMILY ||
         (lookup.code == 0 && lookup.addresses.empty());
}

std::string describe(const std::string& host, const Lookup& lookup) {
  switch (lookup.code) {
    case EAI_NONAME: return fmt::format("host name {} does not exist", host);
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
    case 0: return fmt::format("host name {} has no address", host);
    case EAI_AGAIN: return fmt::format("looking up {}: a name server did not answer or failed for now", host);
    case EAI_FAIL: return fmt::format("looking up {}: the name server refused or failed", host);
    case EAI_MEMORY: return fmt::format("looking up {}: out of memory", host);
    case EAI_SYSTEM:
      return fmt::format("looking up {}: {}", host, std::generic_category().message(lookup.system_error));
    default: return fmt::format("looking up {}: {}", host, gai_strerror(lookup.code));
  }
}

// Nothing of one family: tells a name without such addresses from one that does not exist.
base::Error nothing_of(const std::string& host, Family family, const Lookup& lookup) {
  const Family other = family == Family::ipv4 ? Family::ipv6 : Family::ipv4;
  if (!look_up(host, other, 0).addresses.empty()) return only_other_family(host, family);
  return lookup_failed(describe(host, lookup));
}

Answer ask(const std::string& host, Family family) {
  // One family asked for by name is not narrowed by what this machine has: the error would name the wrong party.
  Lookup lookup = look_up(host, family, family == Family::any ? AI_ADDRCONFIG : 0);
  if (family == Family::any && has_nothing(lookup)) lookup = look_up(host, family, 0);
  if (lookup.code == 0 && !lookup.addresses.empty()) return std::move(lookup.addresses);
  if (family != Family::any && has_nothing(lookup)) return base::fail(nothing_of(host, family, lookup));
  return base::fail(lookup_failed(describe(host, lookup)));
}

}  // namespace

base::Result<std::vector<Address>> SystemResolver::addresses(const std::string& host, Family family,
                                                             base::Deadline deadline) {
  if (auto answer = answer_without_asking(host, family)) return std::move(*answer);
  return answer_before(deadline, "the resolver", [host, family] { return ask(host, family); });
}

}  // namespace mailcheck::dns
