#include "dns/secure_resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "dns/address_records.h"
#include "dns/answer_section.h"
#include "dns/question.h"
#include "dns/reachable_first.h"

namespace mailcheck::dns {
namespace {

std::vector<RecordType> types_of(Family family) {
  if (family == Family::any) return {RecordType::aaaa, RecordType::a};
  return {family == Family::ipv4 ? RecordType::a : RecordType::aaaa};
}

// std::nullopt: the name is there.
std::optional<base::Error> error_of(const std::string& host, const RecordSet& set) {
  if (set.outcome == LookupOutcome::no_name) return lookup_failed(fmt::format("host name {} does not exist", host));
  const bool is_failure = set.outcome == LookupOutcome::failed || set.outcome == LookupOutcome::unreachable;
  if (is_failure) return lookup_failed(set.detail);
  if (set.outcome != LookupOutcome::silent) return std::nullopt;
  return base::Error{.stage = base::Stage::dns, .kind = base::ErrorKind::timeout, .detail = set.detail};
}

// What the questions about one host brought.
struct Gathered {
  std::vector<Address> found;
  std::optional<base::Error> error;              // the first; it matters only if nothing was found
  LookupOutcome outcome = LookupOutcome::found;  // the error's
  std::string canonical_name;
  bool is_secure = true;
};

void gather(const std::string& host, const RecordSet& set, RecordType type, Gathered& gathered) {
  if (!gathered.error) {
    gathered.error = error_of(host, set);
    if (gathered.error) gathered.outcome = set.outcome;
  }
  if (set.outcome != LookupOutcome::found) return;
  std::vector<Address> found = gathered.found;
  for (const std::string& data : set.data) {
    const auto address = address_of(data, type);
    if (!address) {
      gathered.error = lookup_failed(fmt::format("looking up {}: an address is malformed", host));
      return;
    }
    if (std::find(found.begin(), found.end(), *address) == found.end()) found.push_back(*address);
  }
  gathered.found = std::move(found);
  gathered.is_secure = gathered.is_secure && set.is_secure;
  gathered.canonical_name = set.canonical_name;
}

}  // namespace

// The name exists: has it addresses of the family that was not asked for?
base::Error SecureResolver::nothing_of(const std::string& host, Family family, base::Deadline deadline) {
  if (family != Family::any) {
    const RecordType other = family == Family::ipv4 ? RecordType::aaaa : RecordType::a;
    if (source_.records(host, other, deadline).outcome == LookupOutcome::found) return only_other_family(host, family);
  }
  return lookup_failed(fmt::format("host name {} has no {}", host, address_of_family(family)));
}

base::Result<std::vector<Address>> SecureResolver::addresses(const std::string& host, Family family,
                                                             base::Deadline deadline) {
  is_secure_ = false;
  outcome_ = LookupOutcome::found;
  canonical_name_ = without_final_stop(host);
  if (auto answer = answer_without_asking(host, family)) return std::move(*answer);
  Gathered gathered;
  for (const RecordType type : types_of(family)) {
    // A server that is silent about one type must leave time for the other.
    const bool is_first_of_two = family == Family::any && type == RecordType::aaaa;
    const base::Deadline limit = is_first_of_two ? deadline.at_most(deadline.remaining() / 2) : deadline;
    gather(host, source_.records(host, type, limit), type, gathered);
  }
  if (gathered.found.empty()) outcome_ = gathered.error ? gathered.outcome : LookupOutcome::no_record;
  if (gathered.found.empty() && gathered.error) return base::fail(std::move(*gathered.error));
  if (gathered.found.empty()) return base::fail(nothing_of(host, family, deadline));
  is_secure_ = gathered.is_secure;
  canonical_name_ = gathered.canonical_name;
  put_reachable_first(gathered.found);
  return std::move(gathered.found);
}

}  // namespace mailcheck::dns
