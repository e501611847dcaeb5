#include "probe/arrival_look.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "mail/from_address.h"
#include "mail/header_section.h"
#include "smtp/reply_class.h"

namespace mailcheck::probe {
namespace {

using authentication::DomainTree;
using authentication::OrganizationalDomain;

// Relaxed alignment is a matter of two domains: what a tree walk says of one and the list of the other is no answer.
mail::AlignmentFacts align(const std::string& from, const mail::AuthenticationResults& results, DomainTree& domains) {
  const OrganizationalDomain own = domains.organizational_domain(from);
  return mail::align(from, results, [&](const std::string& domain) {
    const OrganizationalDomain other = domains.organizational_domain(domain);
    return is_same_organization(own, other) ? own.domain : other.domain;
  });
}

void read_authentication(const mail::HeaderSection& header, const std::vector<std::string>& authserv_ids,
                         DomainTree& domains, ArrivalAuthentication& authentication) {
  authentication.results = mail::collect_authentication(header, authserv_ids);
  const auto from = mail::read_from_address(header);
  if (!from || authserv_ids.empty()) return;
  authentication.from_domain = from->domain();
  authentication.organizational_domain = domains.organizational_domain(authentication.from_domain);
  authentication.alignment = align(authentication.from_domain, authentication.results, domains);
  authentication.dmarc_policy = domains.policy_for(authentication.from_domain);
}

// "550 5.1.1 No such user" -> code, enhanced code, words. A report without code counts by its status: 5.1.1 is a 550.
smtp::Reply reply_of(const mail::DeliveryReport& report) {
  smtp::Reply reply{.code = 0, .enhanced = report.status, .lines = {report.reply}};
  const char* const begin = report.reply.data();
  const auto read = std::from_chars(begin, begin + report.reply.size(), reply.code);
  const bool has_code = read.ptr == begin + 3 && reply.code >= 400 && reply.code <= 599;
  if (has_code) {
    std::string words = report.reply.substr(std::min<std::size_t>(report.reply.size(), 4));
    if (!report.status.empty() && words.starts_with(report.status + " ")) words.erase(0, report.status.size() + 1);
    reply.lines = {std::move(words)};
  } else {
    reply.code = report.status.starts_with('4') ? 450 : 550;
  }
  return reply;
}

}  // namespace

void read_header(std::string_view header, const std::vector<std::string>& authserv_ids, DomainTree& domains,
                 Arrival& arrival) {
  const mail::HeaderSection fields = mail::HeaderSection::parse(header);
  arrival.has_header = !fields.fields().empty();
  arrival.path = mail::read_delivery_path(fields);
  arrival.spam = mail::read_spam_score(fields);
  read_authentication(fields, authserv_ids, domains, arrival.authentication);
}

bool is_about(const mail::DeliveryReport& report, const mail::ProbeMark& mark, std::string_view domain) {
  const std::string id = mail::message_id(mark, domain);
  return std::find(report.message_ids.begin(), report.message_ids.end(), id) != report.message_ids.end() ||
         std::any_of(report.marks.begin(), report.marks.end(),
                     [&](const auto& one) { return one.check == mark.check && one.token == mark.token; });
}

base::ErrorKind class_of(const mail::DeliveryReport& report) {
  return smtp::reply_class(base::Stage::rcpt, reply_of(report));
}

}  // namespace mailcheck::probe
