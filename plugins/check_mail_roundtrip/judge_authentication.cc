#include "plugins/check_mail_roundtrip/judge_authentication.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "plugins/check_mail_roundtrip/judge_words.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

using mail::Alignment;
using mail::AuthenticationResults;
using mail::DkimResult;

constexpr std::size_t kLongestName = 120;  // of what a header said
constexpr std::size_t kLongestList = 200;

std::string shown(std::string_view text) {
  return base::printable(text, kLongestName);
}

// Of several signatures one that passes counts.
std::string dkim_result(const AuthenticationResults& results) {
  if (results.dkim.empty()) return "";
  const auto passed = std::find_if(results.dkim.begin(), results.dkim.end(),
                                   [](const DkimResult& one) { return mail::is_pass(one.result); });
  return passed == results.dkim.end() ? results.dkim.front().result : passed->result;
}

std::string result_of(const AuthenticationResults& results, std::string_view method) {
  if (method == "dkim") return dkim_result(results);
  if (method == "spf") return results.spf ? results.spf->result : "";
  return results.dmarc ? results.dmarc->result : "";
}

std::string_view in_words(Alignment alignment) {
  switch (alignment) {
    case Alignment::strict: return "strict";
    case Alignment::relaxed: return "relaxed";
    case Alignment::none: break;
  }
  return "none";
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

// "fail for example.org"
std::string result_words(const std::string& result, const std::string& domain) {
  return shown(result) + (domain.empty() ? "" : " for " + shown(domain));
}

// What the trusted servers say of a method: "dkim=fail for example.org, fail for example.net".
std::string words_of(const AuthenticationResults& results, std::string_view method) {
  std::string text;
  if (method == "spf") text = result_words(results.spf->result, results.spf->domain);
  if (method == "dmarc") text = result_words(results.dmarc->result, results.dmarc->from_domain);
  if (method == "dkim") {
    for (const DkimResult& one : results.dkim) append(text, result_words(one.result, one.domain));
  }
  return fmt::format("{}={}", method, base::printable(text, kLongestList));
}

// "spf for bounce.example.org, dkim for example.net": what passed, and for whom.
std::string passed(const AuthenticationResults& results) {
  std::string text;
  if (results.spf && mail::is_pass(results.spf->result)) append(text, result_words("spf", results.spf->domain));
  for (const DkimResult& one : results.dkim) {
    if (mail::is_pass(one.result)) append(text, result_words("dkim", one.domain));
  }
  return text.empty() ? "nothing" : base::printable(text, kLongestList);
}

class Judge {
 public:
  Judge(plugin::Report& report, const probe::Arrival& arrival, const Limits& limits)
      : report_(report),
        arrival_(arrival),
        authentication_(arrival.authentication),
        results_(arrival.authentication.results),
        limits_(limits) {}

  void requirements() {
    if (limits_.required.empty() && !limits_.alignment) return;
    if (!arrival_.has_header) return unreadable("the header of the message could not be read");
    if (!results_.has_trusted) return add("authentication-missing", "no trusted Authentication-Results" + others());
    for (const std::string& method : limits_.required) require(method);
    if (limits_.alignment) require_alignment(*limits_.alignment);
  }

  void notes() {
    policy();
    const auto& organization = authentication_.organizational_domain;
    // Only relaxed alignment is a matter of organizational domains.
    const bool matters = limits_.alignment == mail::AlignmentMode::relaxed && !is_strictly_aligned();
    if (!matters || authentication_.from_domain.empty() || !organization.is_disputed()) return;
    add("organizational-domain", fmt::format("{} by DNS tree walk, {} by the public suffix list",
                                             shown(organization.domain), shown(organization.domain_by_list)));
  }

 private:
  // What DNS says here counts for more than what a server wrote that asked earlier.
  void policy() {
    const auto& policy = authentication_.dmarc_policy;
    if (policy && !policy->detail.empty()) add("dmarc-unanswered", policy->detail);
    if (policy && policy->is_found) {
      if (policy->policy == "none") add("dmarc-none", fmt::format("the policy of {} is none", shown(policy->at)));
    } else if (results_.dmarc && results_.dmarc->policy == "none") {
      const std::string& domain = authentication_.from_domain;
      add("dmarc-none", fmt::format("the receiving server says that the policy of {} is none",
                                    domain.empty() ? "the sender's domain" : shown(domain)));
    }
  }

  [[nodiscard]] bool is_strictly_aligned() const {
    const mail::AlignmentFacts& facts = authentication_.alignment;
    return facts.dkim == Alignment::strict || facts.spf == Alignment::strict;
  }

  // The header that is judged may be that of an earlier run's message.
  void add(std::string_view name, const std::string& text) {
    const std::string which = arrival_.is_of_this_run ? "" : message_words(arrival_.sent) + ": ";
    add_finding(report_, limits_, name, which + text);
  }

  // Once, however much is required.
  void unreadable(const std::string& why) {
    if (!std::exchange(is_unreadable_, true)) add("authentication-unreadable", why);
  }

  [[nodiscard]] std::string others() const {
    std::string ids;
    for (const std::string& id : results_.untrusted_ids) append(ids, id.empty() ? "one without a name" : shown(id));
    return ids.empty() ? "" : "; seen and not trusted: " + base::printable(ids, kLongestList);
  }

  void require(const std::string& method) {
    const std::string result = result_of(results_, method);
    if (mail::is_pass(result)) return;
    if (!result.empty()) return add(method + "-failed", words_of(results_, method));
    if (!results_.unreadable.empty()) return unreadable(shown(results_.unreadable));
    add("authentication-missing", fmt::format("no trusted result of {}{}", method, others()));
  }

  void require_alignment(mail::AlignmentMode mode) {
    const mail::AlignmentFacts& facts = authentication_.alignment;
    if (is_aligned(facts.dkim, mode) || is_aligned(facts.spf, mode)) return;
    if (!results_.unreadable.empty()) return unreadable(shown(results_.unreadable));
    const std::string& from = authentication_.from_domain;
    const std::string_view wanted = mode == mail::AlignmentMode::strict ? "strict" : "relaxed";
    add("not-aligned", fmt::format("From is {}, passed: {} ({} alignment)",
                                   from.empty() ? "not a single address" : shown(from), passed(results_), wanted));
  }

  plugin::Report& report_;
  const probe::Arrival& arrival_;
  const probe::ArrivalAuthentication& authentication_;
  const AuthenticationResults& results_;
  const Limits& limits_;
  bool is_unreadable_ = false;
};

void add_facts(plugin::Report& report, const probe::ArrivalAuthentication& authentication) {
  const AuthenticationResults& results = authentication.results;
  add_fact(report, "from_domain", authentication.from_domain);
  if (results.spf) add_fact(report, "spf", fmt::format("{} {}", results.spf->result, results.spf->domain));
  std::vector<std::string> signatures;
  for (const DkimResult& one : results.dkim) {
    signatures.push_back(fmt::format("{} {} {}", one.result, one.domain, one.selector));
  }
  if (!signatures.empty()) report.facts.push_back({"dkim", std::move(signatures)});
  if (results.dmarc) add_fact(report, "dmarc", results.dmarc->result);
  add_fact(report, "arc", results.arc);
  if (!results.untrusted_ids.empty()) report.facts.push_back({"untrusted_authserv_ids", results.untrusted_ids});
  add_fact(report, "authentication_unreadable", results.unreadable);
  if (authentication.from_domain.empty()) return;
  add_fact(report, "dkim_alignment", std::string(in_words(authentication.alignment.dkim)));
  add_fact(report, "spf_alignment", std::string(in_words(authentication.alignment.spf)));
  const auto& organization = authentication.organizational_domain;
  add_fact(report, "organizational_domain",
           fmt::format("{} ({})", organization.domain, authentication::to_string(organization.method)));
  const auto& policy = authentication.dmarc_policy;
  if (policy && policy->is_found) {
    add_fact(report, "dmarc_policy",
             fmt::format("{}{} of {}", policy->policy, policy->is_testing ? " (testing)" : "", policy->at));
  }
  if (policy) add_fact(report, "dmarc_remark", policy->remark);
}

}  // namespace

std::string authentication_words(const AuthenticationResults& results) {
  std::string text;
  for (const std::string_view method : {"dkim", "spf", "dmarc"}) {
    const std::string result = result_of(results, method);
    if (!result.empty()) append(text, fmt::format("{} {}", method, shown(result)));
  }
  return text;
}

void judge_authentication(plugin::Report& report, const probe::Arrival& arrival, const Limits& limits) {
  Judge judge(report, arrival, limits);
  judge.requirements();
  if (!arrival.has_header) return;
  judge.notes();
  add_facts(report, arrival.authentication);
}

}  // namespace mailcheck::plugins::mail_roundtrip
