#include "authentication/dmarc_discovery.h"

#include <fmt/format.h>

#include "authentication/domain_name.h"
#include "authentication/public_suffix.h"

namespace mailcheck::authentication {
namespace {

using dns::LookupOutcome;
using dns::RecordType;
using Status = DmarcLookup::Status;

constexpr std::string_view kPrefix = "_dmarc.";
constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLabelsAfterCut = 7;
constexpr std::size_t kMostQuestions = 64;

// RFC 9989 section 4.10 steps 4 and 7.
std::size_t labels_of_next(std::size_t labels) {
  return labels > kLabelsAfterCut ? kLabelsAfterCut : labels - 1;
}

void append(std::string& clauses, const std::string& clause) {
  if (clause.empty()) return;
  if (!clauses.empty()) clauses += "; ";
  clauses += clause;
}

// Without the policy, which depends on who asks.
DmarcPolicy terms_of(const DmarcRecord& record, const std::string& at) {
  DmarcPolicy policy{.is_found = record.is_applicable, .at = at};
  policy.is_testing = record.is_testing;
  policy.adkim = record.adkim;
  policy.aspf = record.aspf;
  if (!record.fault.empty()) {
    policy.remark = fmt::format("the DMARC record at {}{} {}{}", kPrefix, at, record.fault,
                                record.is_applicable ? ", so it counts as p=none" : ", so DMARC does not apply");
  }
  return policy;
}

}  // namespace

std::string_view to_string(Method method) {
  return method == Method::tree_walk ? "tree walk" : "public suffix list";
}

bool is_same_organization(const OrganizationalDomain& one, const OrganizationalDomain& other) {
  if (one.domain.empty()) return false;
  return one.method == other.method ? one.domain == other.domain : one.domain_by_list == other.domain_by_list;
}

OrganizationalDomain DomainTree::organizational_domain(const std::string& domain) {
  const std::string by_list = organizational_domain_by_list(domain);
  OrganizationalDomain answer{
      .domain = by_list, .method = Method::public_suffix_list, .domain_by_list = by_list, .detail = {}};
  const auto name = canonical_domain(domain);
  if (source_ == nullptr || !name) return answer;
  const Walk walked = walk(*name);
  answer.detail = walked.detail;
  if (walked.organizational_domain.empty()) return answer;
  answer.domain = walked.organizational_domain;
  answer.method = Method::tree_walk;
  return answer;
}

// psd=y at the domain itself leads to itself, too: there is no label below.
DomainTree::Walk DomainTree::walk(const std::string& domain) {
  Walk walked{.organizational_domain = domain};
  for (std::size_t labels = count_labels(domain); labels > 0; labels = labels_of_next(labels)) {
    const std::string name = last_labels(domain, labels);
    const DmarcLookup found = record_of(name);
    if (found.status == Status::failed) return {.detail = found.detail, .remark = std::move(walked.remark)};
    append(walked.remark, found.detail);
    if (found.status == Status::absent) continue;
    walked.organizational_domain = name;
    if (found.record.psd == DmarcRecord::Psd::yes) {
      walked.organizational_domain = last_labels(domain, labels + 1);
      walked.public_suffix_domain = name;
    }
    if (found.record.psd != DmarcRecord::Psd::unstated) break;
  }
  return walked;
}

std::optional<DmarcPolicy> DomainTree::policy_for(const std::string& from_domain) {
  const auto domain = canonical_domain(from_domain);
  if (source_ == nullptr || !domain) return std::nullopt;
  const DmarcLookup own = record_of(*domain);
  if (own.status == Status::failed) return DmarcPolicy{.detail = own.detail};
  if (own.status == Status::found) {
    DmarcPolicy policy = terms_of(own.record, *domain);
    if (policy.is_found) policy.policy = own.record.policy;
    return policy;
  }
  return inherited_policy(*domain);
}

// Of a domain without a record: that of its organizational domain, else of its public suffix domain (RFC 9989 section
// 4.10.1).
DmarcPolicy DomainTree::inherited_policy(const std::string& domain) {
  const Walk walked = walk(domain);
  const std::string organizational =
      walked.organizational_domain.empty() ? organizational_domain_by_list(domain) : walked.organizational_domain;
  const DmarcPolicy none{.detail = walked.detail, .remark = walked.remark};
  for (const std::string& at : {organizational, walked.public_suffix_domain}) {
    if (at.empty()) continue;
    const DmarcLookup found = record_of(at);
    if (found.status == Status::failed) return {.detail = found.detail};
    if (found.status == Status::found) {
      DmarcPolicy policy = terms_of(found.record, at);
      policy.detail = walked.detail;
      append(policy.remark, walked.remark);
      if (policy.is_found) choose_by_existence(domain, found.record, policy);
      return policy;
    }
  }
  return none;
}

// Asked for CNAME, NXDOMAIN is about the name itself and not about where an alias leads (RFC 8020 section 2).
void DomainTree::choose_by_existence(const std::string& domain, const DmarcRecord& record, DmarcPolicy& policy) {
  policy.policy = record.subdomain_policy;
  if (record.nonexistent_policy == record.subdomain_policy) return;
  const dns::RecordSet& answer = ask(domain, RecordType::cname);
  if (answer.outcome == LookupOutcome::no_name) policy.policy = record.nonexistent_policy;
  if (!dns::is_answer(answer.outcome)) append(policy.detail, answer.detail);
}

DmarcLookup DomainTree::record_of(const std::string& domain) {
  const std::string name = fmt::format("{}{}", kPrefix, domain);
  if (name.size() > kLongestName) return {};  // no such name can exist
  return find_dmarc_record(ask(name, RecordType::txt), name);
}

const dns::RecordSet& DomainTree::ask(const std::string& name, RecordType type) {
  const auto known = answers_.find({name, type});
  if (known != answers_.end()) return known->second;
  if (answers_.size() >= kMostQuestions) {
    static const dns::RecordSet kGivenUp{.detail = fmt::format("gave up after {} DNS look-ups", kMostQuestions)};
    return kGivenUp;
  }
  return answers_.emplace(std::pair(name, type), source_->records(name, type, deadline_)).first->second;
}

}  // namespace mailcheck::authentication
