#include "policy/mail_exchangers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/printable.h"
#include "dns/address.h"
#include "dns/answer_section.h"
#include "dns/record_data.h"
#include "policy/host_pattern.h"

namespace mailcheck::policy {
namespace {

using dns::LookupOutcome;
using dns::RecordType;
using Status = MailExchangers::Status;

// An empty string: it can be used.
std::string fault_of(const std::string& host) {
  if (host.empty()) return "a null MX beside other records";
  if (dns::Address::parse(host)) return fmt::format("mail exchanger {} is an address, not a name", host);
  if (!is_host_name(host)) return fmt::format("mail exchanger {} is no host name", base::printable(host));
  return {};
}

void add_host(const dns::MailExchange& mx, MailExchangers& result) {
  if (std::string fault = fault_of(mx.host); !fault.empty()) {
    result.malformed.push_back(std::move(fault));
    return;
  }
  result.hosts.push_back({.preference = mx.preference, .host = mx.host});
}

void sort_hosts(std::vector<MailExchanger>& hosts) {
  std::sort(hosts.begin(), hosts.end(), [](const MailExchanger& a, const MailExchanger& b) {
    return a.preference != b.preference ? a.preference < b.preference : base::to_upper(a.host) < base::to_upper(b.host);
  });
  std::vector<MailExchanger> once;
  for (MailExchanger& host : hosts) {
    const bool is_known = std::any_of(once.begin(), once.end(), [&host](const MailExchanger& other) {
      return base::equals_ignoring_case(other.host, host.host);
    });
    if (!is_known) once.push_back(std::move(host));
  }
  hosts = std::move(once);
}

void read_records(const dns::RecordSet& set, MailExchangers& result) {
  result.status = Status::found;
  for (const std::string& data : set.data) {
    const auto mx = dns::read_mx(data);
    if (mx && mx->host.empty() && set.data.size() == 1) {
      result.status = Status::null_mx;
      result.detail = fmt::format("{} takes no mail (null MX)", result.domain);
    } else if (mx) {
      add_host(*mx, result);
    } else {
      result.malformed.emplace_back("a malformed MX record");
    }
  }
  sort_hosts(result.hosts);
}

void set_trouble(const dns::RecordSet& set, MailExchangers& result) {
  result.status = Status::bogus;
  if (set.outcome == LookupOutcome::silent) result.status = Status::silent;
  if (set.outcome == LookupOutcome::unreachable) result.status = Status::unreachable;
  result.detail = set.detail;
  result.is_secure = false;
}

bool is_trouble(const dns::RecordSet& set) {
  return !dns::is_answer(set.outcome);
}

// No MX record: the domain's own address, if there is one.
void look_for_address(dns::RecordSource& source, base::Deadline deadline, MailExchangers& result) {
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const dns::RecordSet set = source.records(result.domain, type, deadline);
    if (is_trouble(set)) return set_trouble(set, result);
    if (set.outcome != LookupOutcome::found) continue;
    result.status = Status::implicit_mx;
    result.hosts = {{.preference = 0, .host = result.domain}};
    return;
  }
  result.detail = fmt::format("{} has neither MX records nor an address", result.domain);
}

}  // namespace

MailExchangers look_up_mail_exchangers(const std::string& domain, dns::RecordSource& source, base::Deadline deadline) {
  MailExchangers result{.domain = std::string(dns::without_final_stop(domain))};
  const dns::RecordSet set = source.records(result.domain, RecordType::mx, deadline);
  if (is_trouble(set)) {
    set_trouble(set, result);
    return result;
  }
  result.is_secure = set.is_secure;
  if (set.outcome == LookupOutcome::found) {
    read_records(set, result);
  } else if (set.outcome == LookupOutcome::no_record) {
    look_for_address(source, deadline, result);
  } else {
    result.detail = fmt::format("domain {} does not exist", result.domain);
  }
  return result;
}

}  // namespace mailcheck::policy
