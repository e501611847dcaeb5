#include "policy/tlsa_lookup.h"

#include <fmt/format.h>

#include <optional>

#include "dns/address.h"
#include "dns/answer_section.h"

namespace mailcheck::policy {
namespace {

using dns::LookupOutcome;
using dns::RecordType;
using Status = TlsaAnswer::Status;

constexpr std::size_t kFieldsSize = 3;  // usage, selector, matching type

std::optional<tls::Tlsa> read_tlsa(std::string_view data) {
  if (data.size() <= kFieldsSize) return std::nullopt;
  const auto field = [data](std::size_t at) { return static_cast<std::uint8_t>(data[at]); };
  return tls::Tlsa{
      .usage = field(0), .selector = field(1), .matching = field(2), .data = std::string(data.substr(kFieldsSize))};
}

void read_records(const dns::RecordSet& set, TlsaAnswer& answer) {
  answer.status = Status::found;
  std::size_t number = 0;
  for (const std::string& data : set.data) {
    ++number;
    if (auto record = read_tlsa(data)) {
      answer.records.push_back(std::move(*record));
    } else {
      answer.malformed.push_back(
          fmt::format("TLSA record {} has {} bytes and no certificate data", number, data.size()));
    }
  }
}

TlsaAnswer ask(const std::string& base, std::uint16_t port, dns::RecordSource& source, base::Deadline deadline) {
  TlsaAnswer answer{.status = Status::insecure, .owner = fmt::format("_{}._tcp.{}", port, base), .base = base};
  const dns::RecordSet set = source.records(answer.owner, RecordType::tlsa, deadline);
  if (!dns::is_answer(set.outcome)) {
    answer.status = set.outcome == LookupOutcome::failed ? Status::bogus : Status::silent;
    answer.detail = set.detail;
  } else if (!set.is_secure) {
    const bool is_found = set.outcome == LookupOutcome::found;
    answer.detail = fmt::format("the answer about {} is not secured by DNSSEC ({})", answer.owner,
                                is_found ? "it holds records" : "it holds no record");
  } else if (set.outcome == LookupOutcome::found) {
    read_records(set, answer);
  } else {
    answer.status = Status::absent;
    answer.detail = fmt::format("there is no TLSA record at {}", answer.owner);
  }
  return answer;
}

TlsaAnswer without_asking(Status status, const std::string& host, std::string detail) {
  return {.status = status, .base = host, .detail = std::move(detail)};
}

// The addresses are insecure. Is that the fault of the zone that an alias leads to only?
TlsaAnswer behind_alias(const std::string& host, std::uint16_t port, dns::RecordSource& source,
                        base::Deadline deadline) {
  const dns::RecordSet alias = source.records(host, RecordType::cname, deadline);
  if (alias.outcome == LookupOutcome::failed) return without_asking(Status::bogus, host, alias.detail);
  if (!dns::is_answer(alias.outcome)) return without_asking(Status::silent, host, alias.detail);
  if (alias.outcome == LookupOutcome::found && alias.is_secure) return ask(host, port, source, deadline);
  return without_asking(Status::insecure, host, fmt::format("{} is an alias that is not secured by DNSSEC", host));
}

}  // namespace

TlsaAnswer look_up_tlsa(const std::string& given_host, std::uint16_t port, const AddressFacts& addresses,
                        dns::RecordSource& source, base::Deadline deadline) {
  const std::string host(dns::without_final_stop(given_host));
  if (dns::Address::parse(host)) return without_asking(Status::absent, host, "an address has no TLSA records");
  if (addresses.is_given) return ask(host, port, source, deadline);
  const std::string end(dns::without_final_stop(addresses.canonical_name));
  const bool is_alias = !end.empty() && !dns::is_same_name(end, host);
  if (!addresses.is_secure && is_alias) return behind_alias(host, port, source, deadline);
  if (!addresses.is_secure) {
    return without_asking(Status::insecure, host, fmt::format("the addresses of {} are not secured by DNSSEC", host));
  }
  if (!is_alias) return ask(host, port, source, deadline);
  TlsaAnswer at_end = ask(end, port, source, deadline);
  if (at_end.status != Status::absent && at_end.status != Status::insecure) return at_end;
  TlsaAnswer at_host = ask(host, port, source, deadline);
  const bool is_less = at_host.status == Status::absent && at_end.status == Status::insecure;
  return is_less ? at_end : at_host;
}

}  // namespace mailcheck::policy
