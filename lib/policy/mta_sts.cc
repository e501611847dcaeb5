#include "policy/mta_sts.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/printable.h"
#include "dns/answer_section.h"
#include "policy/key_value.h"
#include "policy/mta_sts_policy.h"
#include "policy/tagged_record.h"

namespace mailcheck::policy {
namespace {

using Status = MtaStsFacts::Status;

constexpr std::size_t kLargestBody = std::size_t{64} * 1024;
constexpr std::size_t kMostShown = 80;
constexpr std::size_t kMostFaultsShown = 5;
constexpr int kOk = 200;

void set(MtaStsFacts& facts, Status status, std::string detail) {
  facts.status = status;
  facts.detail = std::move(detail);
}

// True: go on.
bool read_record(const MtaStsSources& sources, base::Deadline deadline, MtaStsFacts& facts) {
  const std::string name = "_mta-sts." + facts.domain;
  const TaggedRecord record = look_up_tagged_record(name, "v=STSv1", sources.records, deadline);
  switch (record.status) {
    case TaggedRecord::Status::found: break;
    case TaggedRecord::Status::absent: set(facts, Status::no_record, record.detail); return false;
    case TaggedRecord::Status::bad: set(facts, Status::bad_record, record.detail); return false;
    case TaggedRecord::Status::failed: set(facts, Status::lookup_failed, record.detail); return false;
  }
  const TaggedField* id = record.find("id");
  if (id == nullptr) {
    set(facts, Status::bad_record, fmt::format("the TXT record at {} has no id", name));
  } else if (!is_policy_id(id->value)) {
    set(facts, Status::bad_record,
        fmt::format("the id of the TXT record at {} is not 1 to 32 letters and digits: \"{}\"", name,
                    base::printable(id->value, kMostShown)));
  } else {
    facts.id = id->value;
    return true;
  }
  return false;
}

base::Result<http::Response> get_policy(const MtaStsSources& sources, const std::string& host,
                                        base::Deadline deadline) {
  const auto addresses = sources.resolver.addresses(host, dns::Family::any, deadline);
  if (!addresses) return base::fail(addresses.error());
  http::Request request{.host = host,
                        .path = "/.well-known/mta-sts.txt",
                        .port = sources.port,
                        .addresses = {},
                        .ca_file = sources.ca_file,
                        .ca_path = sources.ca_path,
                        .largest_body = kLargestBody};
  for (const dns::Address& address : *addresses) request.addresses.push_back(address.to_string());
  return sources.fetcher.get(request, deadline);
}

// The media type without its parameters.
bool is_plain_text(std::string_view content_type) {
  return base::equals_ignoring_case(without_blanks(content_type.substr(0, content_type.find(';'))), "text/plain");
}

std::string in_words(std::vector<std::string> faults) {
  if (faults.size() > kMostFaultsShown) {
    const std::size_t more = faults.size() - kMostFaultsShown;
    faults.resize(kMostFaultsShown);
    faults.push_back(fmt::format("and {} more", more));
  }
  return fmt::format("{}", fmt::join(faults, "; "));
}

void read_policy(const http::Response& response, MtaStsFacts& facts) {
  MtaStsPolicy policy = read_mta_sts_policy(response.body);
  facts.mode = policy.mode;
  facts.max_age = policy.max_age.value_or(0);
  facts.mx = std::move(policy.mx);
  facts.remarks = std::move(policy.remarks);
  if (policy.is_valid()) return set(facts, Status::valid, {});
  set(facts, Status::bad_policy, fmt::format("the policy is not valid: {}", in_words(std::move(policy.faults))));
}

void read_response(const std::string& host, const http::Response& response, MtaStsFacts& facts) {
  const bool is_redirect = response.status >= 300 && response.status < 400;
  if (is_redirect) {
    set(facts, Status::unreachable,
        fmt::format("{} answered with a redirect ({}), which senders do not follow", host, response.status));
  } else if (response.status != kOk) {
    set(facts, Status::unreachable, fmt::format("{} answered with HTTP status {}", host, response.status));
  } else if (!is_plain_text(response.content_type)) {
    set(facts, Status::bad_policy,
        fmt::format("the policy is not text/plain, but \"{}\"", base::printable(response.content_type, kMostShown)));
  } else {
    read_policy(response, facts);
  }
}

}  // namespace

MtaStsFacts fetch_mta_sts(const std::string& domain, const MtaStsSources& sources, base::Deadline deadline) {
  MtaStsFacts facts{.domain = std::string(dns::without_final_stop(domain))};
  if (!read_record(sources, deadline, facts)) return facts;
  const std::string host = "mta-sts." + facts.domain;
  const auto response = get_policy(sources, host, deadline);
  if (response) {
    read_response(host, *response, facts);
  } else {
    const bool is_ours = response.error().kind == base::ErrorKind::local;
    const bool is_about_host = !is_ours && response.error().stage == base::Stage::policy;  // dns names it by itself
    set(facts, is_ours ? Status::not_fetched : Status::unreachable,
        is_about_host ? fmt::format("{}: {}", host, response.error().detail) : response.error().detail);
  }
  return facts;
}

}  // namespace mailcheck::policy
