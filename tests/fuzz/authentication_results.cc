// The header of a message from anybody: what is read of its Authentication-Results is bounded, reads back as itself,
// and passes only by the word of a trusted server; its stamps, its author and its spam score are sane values.
#include "mail/authentication_results.h"

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "mail/address.h"
#include "mail/alignment.h"
#include "mail/from_address.h"
#include "mail/received.h"
#include "mail/spam_score.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

const std::string kTrusted = "mx.example.org";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string print(const mail::AuthenticationHeader& header) {
  std::string out = header.authserv_id.empty() ? "" : quoted(header.authserv_id) + " 1;";
  for (const auto& result : header.results) {
    out += " " + result.method + "/" + std::to_string(result.version) + "=" + result.result;
    if (!result.reason.empty()) out += " reason=" + quoted(result.reason);
    for (const auto& each : result.properties) {
      out += " " + (each.type.empty() ? "" : each.type + ".") + each.name + "=" + quoted(each.value);
    }
    out += ";";
  }
  return header.results.empty() ? out + " none" : out;
}

bool is_same(const mail::ResultProperty& a, const mail::ResultProperty& b) {
  return a.type == b.type && a.name == b.name && a.value == b.value;
}

bool is_same(const mail::AuthenticationResult& a, const mail::AuthenticationResult& b) {
  return a.method == b.method && a.version == b.version && a.result == b.result && a.reason == b.reason &&
         std::equal(a.properties.begin(), a.properties.end(), b.properties.begin(), b.properties.end(),
                    [](const auto& x, const auto& y) { return is_same(x, y); });
}

void hold_header(const std::string& value) {
  const auto header = mail::parse_authentication_header(value);
  if (!header) {
    hold(header.error().detail.starts_with("unparsable at byte "), "what is no header says where");
    return;
  }
  hold(header->authserv_id == mail::read_authserv_id(value), "a header's author is the same, read alone or with it");
  hold(header->results.size() <= 100, "results are bounded");
  // A method with a version at the front would be taken for the authserv-id of a header that has none.
  if (header->authserv_id.empty()) return;
  const auto again = mail::parse_authentication_header(print(*header));
  hold(again.has_value() && again->authserv_id == header->authserv_id &&
           std::equal(again->results.begin(), again->results.end(), header->results.begin(), header->results.end(),
                      [](const auto& x, const auto& y) { return is_same(x, y); }),
       "a header that is written reads back as itself");
}

void hold_domain(const std::string& domain) {
  hold(domain.empty() || (mail::is_domain(domain) && domain == base::to_lower(domain)), "a domain is one, or empty");
}

void hold_authentication(const mail::HeaderSection& header) {
  bool is_trusted = false;
  for (const auto& value : header.all("Authentication-Results")) {
    hold_header(value);
    const auto parsed = mail::parse_authentication_header(value);
    is_trusted = is_trusted || (parsed && base::equals_ignoring_case(parsed->authserv_id, kTrusted));
  }
  const auto results = mail::collect_authentication(header, {kTrusted});
  const bool has_result = results.spf || !results.dkim.empty() || results.dmarc || !results.arc.empty();
  hold(is_trusted || !has_result, "results come from trusted headers that can be parsed");
  hold(results.untrusted_ids.size() <= 16, "names are bounded");
  if (results.spf) hold_domain(results.spf->domain);
  if (results.dmarc) hold_domain(results.dmarc->from_domain);
  for (const auto& signature : results.dkim) hold_domain(signature.domain);
  const auto facts = mail::align("example.org", results, [](const std::string&) { return std::string("org"); });
  hold(facts.spf == mail::Alignment::none || mail::is_pass(results.spf->result), "only what passed is aligned");
}

void hold_path(const mail::DeliveryPath& path) {
  hold(path.delays.size() < std::max<std::size_t>(path.hops.size(), 1), "delays lie between hops");
  for (const auto& delay : path.delays) {
    hold(delay.duration.count() >= 0 && delay.skew.count() >= 0, "durations are never negative");
    hold(path.slowest && path.slowest->duration >= delay.duration, "nothing is slower than the slowest");
  }
}

}  // namespace

void authentication_results(std::string_view input) {
  const auto header = mail::HeaderSection::parse(input);
  hold(header.fields().size() <= mail::HeaderSection::kMaxFields, "fields are bounded");
  hold_authentication(header);
  hold_path(mail::read_delivery_path(header));
  const auto author = mail::read_from_address(header);
  hold(!author || mail::is_domain(author->domain()), "an author has a domain");
  const auto spam = mail::read_spam_score(header);
  hold(!spam || std::abs(spam->score) <= 1e6, "a score is a number");
}

}  // namespace mailcheck::fuzz
