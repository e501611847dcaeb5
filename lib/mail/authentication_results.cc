#include "mail/authentication_results.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/ascii.h"
#include "mail/address.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kMaxUntrustedIds = 16;

using Property = std::pair<std::string_view, std::string_view>;
using Ids = std::vector<std::string>;

bool has_id(const Ids& ids, std::string_view id) {
  return std::any_of(ids.begin(), ids.end(), [&](const auto& each) { return base::equals_ignoring_case(each, id); });
}

// "user@example.org", "@example.org", "<user@example.org>" and "example.org" -> "example.org".
std::string domain_of(std::string_view value) {
  if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
  value.remove_prefix(value.rfind('@') + 1);  // npos + 1 is 0
  if (value.ends_with('.')) value.remove_suffix(1);
  return is_domain(value) ? base::to_lower(value) : std::string();
}

std::string result_of(const AuthenticationResult& result) {
  if (result.version != 1) return {};
  if (result.method == "dkim" && result.result.starts_with("dkim_")) return result.result.substr(5);
  if (result.method == "dmarc" && result.result == "success") return "pass";
  return result.result;
}

// The domain of the first of these properties that has one.
std::string first_domain(const AuthenticationResult& result, std::initializer_list<Property> properties) {
  for (const auto& [type, name] : properties) {
    std::string domain = domain_of(result.property(type, name));
    if (!domain.empty()) return domain;
  }
  return {};
}

SpfResult spf_of(const AuthenticationResult& result) {
  SpfResult spf{.result = result_of(result)};
  // RFC 8601 has mailfrom and helo; Yandex writes mail, others from.
  spf.domain = first_domain(result, {{"smtp", "mailfrom"}, {"smtp", "mail"}, {"smtp", "from"}});
  if (!spf.domain.empty()) spf.identity = "mailfrom";
  if (spf.domain.empty()) {
    spf.domain = first_domain(result, {{"smtp", "helo"}, {"smtp", "ehlo"}});
    if (!spf.domain.empty()) spf.identity = "helo";
  }
  return spf;
}

DkimResult dkim_of(const AuthenticationResult& result) {
  return {.result = result_of(result),
          .domain = first_domain(result, {{"header", "d"}, {"header", "i"}}),
          .selector = base::to_lower(result.property("header", "s"))};
}

bool is_policy(std::string_view text) {
  return text == "none" || text == "quarantine" || text == "reject";
}

// Among the comments: "p=NONE sp=QUARANTINE dis=NONE", "p=none,d=none", "policy=reject".
std::string policy_in(std::string_view comment) {
  while (!comment.empty()) {
    const std::size_t end = std::min(comment.find_first_of(" \t\r\n,;()"), comment.size());
    std::string word = base::to_lower(comment.substr(0, end));
    comment.remove_prefix(std::min(end + 1, comment.size()));
    for (const std::string_view key : {"p=", "policy="}) {
      if (word.starts_with(key) && is_policy(std::string_view(word).substr(key.size()))) return word.substr(key.size());
    }
  }
  return {};
}

DmarcResult dmarc_of(const AuthenticationResult& result) {
  DmarcResult dmarc{.result = result_of(result), .from_domain = first_domain(result, {{"header", "from"}})};
  for (const std::string_view name : {"published-domain-policy", "dmarc", "p"}) {
    const std::string policy = base::to_lower(result.property("policy", name));
    if (dmarc.policy.empty() && is_policy(policy)) dmarc.policy = policy;
  }
  if (dmarc.policy.empty()) dmarc.policy = policy_in(result.comment);
  return dmarc;
}

// Takes the methods from field after field, from the top down.
class Collector {
 public:
  explicit Collector(const Ids& trusted_ids) : trusted_ids_(trusted_ids) {}

  void look_at(const std::string& value);
  AuthenticationResults finish() { return std::move(out_); }

 private:
  void note_untrusted(const std::string& id);
  void take(const AuthenticationHeader& header);
  // The results of a method that no field above has.
  std::vector<const AuthenticationResult*> claim(const AuthenticationHeader& header, std::string_view method);

  const Ids& trusted_ids_;
  Ids closed_ids_;  // nothing of theirs counts any more
  std::vector<std::string_view> claimed_;
  AuthenticationResults out_;
};

void Collector::look_at(const std::string& value) {
  const std::string id = read_authserv_id(value);
  if (!has_id(trusted_ids_, id)) return note_untrusted(id);
  out_.has_trusted = true;
  if (has_id(closed_ids_, id)) return;
  const auto header = parse_authentication_header(value);
  if (!header && out_.unreadable.empty()) out_.unreadable = header.error().detail;
  if (!header || header->results.empty()) return closed_ids_.push_back(id);
  take(*header);
}

void Collector::note_untrusted(const std::string& id) {
  if (has_id(out_.untrusted_ids, id) || out_.untrusted_ids.size() == kMaxUntrustedIds) return;
  out_.untrusted_ids.push_back(id);
}

std::vector<const AuthenticationResult*> Collector::claim(const AuthenticationHeader& header, std::string_view method) {
  std::vector<const AuthenticationResult*> found;
  if (std::find(claimed_.begin(), claimed_.end(), method) != claimed_.end()) return found;
  for (const auto& result : header.results) {
    if (result.method == method) found.push_back(&result);
  }
  if (!found.empty()) claimed_.push_back(method);
  return found;
}

void Collector::take(const AuthenticationHeader& header) {
  for (const auto* result : claim(header, "spf")) {
    // MAIL FROM is what counts; some check HELO as well.
    const SpfResult spf = spf_of(*result);
    const bool is_better = spf.identity == "mailfrom" && out_.spf && out_.spf->identity != "mailfrom";
    if (!out_.spf || is_better) out_.spf = spf;
  }
  for (const auto* result : claim(header, "dkim")) out_.dkim.push_back(dkim_of(*result));
  for (const auto* result : claim(header, "dmarc")) {
    if (!out_.dmarc) out_.dmarc = dmarc_of(*result);
  }
  for (const auto* result : claim(header, "arc")) {
    if (out_.arc.empty()) out_.arc = result_of(*result);
  }
}

}  // namespace

AuthenticationResults collect_authentication(const HeaderSection& header, const Ids& trusted_ids) {
  Collector collector(trusted_ids);
  for (const auto& value : header.all("Authentication-Results")) collector.look_at(value);
  return collector.finish();
}

}  // namespace mailcheck::mail
