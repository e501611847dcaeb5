// An MTA-STS policy from a hostile host: what is read of it is bounded, printable, and matches what it should.
#include "policy/mta_sts_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "policy/host_pattern.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

bool is_printable(char c) {
  return static_cast<unsigned char>(c) >= ' ' && c != '\x7f' && c != '|' && c != '<' && c != '>';
}

void hold_words(const std::vector<std::string>& words) {
  hold(words.size() <= 32, "faults and remarks are bounded");
  for (const auto& clause : words) {
    hold(clause.size() <= 200 && std::all_of(clause.begin(), clause.end(), is_printable), "a clause is fit for output");
  }
}

void hold_pattern(const std::string& pattern) {
  const bool is_star = pattern.starts_with("*.");
  hold(policy::is_host_pattern(pattern), "only patterns are kept");
  hold(policy::matches(pattern, is_star ? "a" + pattern.substr(1) : pattern) || (is_star && pattern.size() > 253),
       "a pattern matches its own host");
  hold(!policy::matches(pattern, "a.b" + pattern.substr(is_star ? 1 : 0)), "a pattern matches no host below its own");
}

}  // namespace

void mta_sts_policy(std::string_view input) {
  const auto policy = policy::read_mta_sts_policy(input);
  hold_words(policy.faults);
  hold_words(policy.remarks);
  hold(policy.mx.size() <= 1000, "mx are bounded");
  for (const auto& pattern : policy.mx) hold_pattern(pattern);
  if (!policy.is_valid()) return;
  hold(policy.max_age.has_value() && (policy.mode == "none" || !policy.mx.empty()), "a valid policy is complete");
  std::string again = fmt::format("version: {}\nmode: {}\nmax_age: {}\n", policy.version, policy.mode, *policy.max_age);
  for (const auto& pattern : policy.mx) again += fmt::format("mx: {}\n", pattern);
  const auto second = policy::read_mta_sts_policy(again);
  hold(second.is_valid() && second.mx == policy.mx && second.mode == policy.mode && second.max_age == policy.max_age,
       "a valid policy that is written reads back as itself");
}

}  // namespace mailcheck::fuzz
