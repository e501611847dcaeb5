#include "policy/host_pattern.h"

#include <algorithm>

#include "base/ascii.h"
#include "dns/answer_section.h"

namespace mailcheck::policy {
namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kLongestLabel = 63;
constexpr std::string_view kAnyLabel = "*.";

bool is_label_character(char c) {
  return base::is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'z') || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), is_label_character);
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.size() > kLongestName) return false;
  std::string_view label;
  for (std::size_t dot = 0; dot != std::string_view::npos;) {
    dot = text.find('.');
    label = text.substr(0, dot);
    if (!is_label(label)) return false;
    text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
  }
  return !std::all_of(label.begin(), label.end(), base::is_digit);
}

bool is_host_pattern(std::string_view text) {
  if (text.starts_with(kAnyLabel)) text.remove_prefix(kAnyLabel.size());
  return is_host_name(text);
}

bool matches(std::string_view pattern, std::string_view host) {
  host = dns::without_final_stop(host);
  if (!is_host_pattern(pattern) || !is_host_name(host)) return false;
  if (!pattern.starts_with(kAnyLabel)) return base::equals_ignoring_case(pattern, host);
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && base::equals_ignoring_case(pattern.substr(1), host.substr(dot));
}

}  // namespace mailcheck::policy
