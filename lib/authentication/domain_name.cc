#include "authentication/domain_name.h"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "base/ascii.h"

namespace mailcheck::authentication {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestInput = 1024;  // U-labels take more bytes than A-labels, but not as many as this

std::optional<std::string> to_a_labels(const std::string& domain) {
  if (base::is_ascii(domain)) return domain;
  char* converted = nullptr;
  if (idn2_to_ascii_8z(domain.c_str(), &converted, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK) {
    return std::nullopt;
  }
  const std::unique_ptr<char, decltype(&idn2_free)> owner(converted, &idn2_free);
  return std::string(converted);
}

bool may_stand_in_label(char c) {
  return (c >= 'a' && c <= 'z') || base::is_digit(c) || c == '-' || c == '_';
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kLongestLabel && std::all_of(text.begin(), text.end(), may_stand_in_label);
}

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(), base::is_digit);
}

// No top-level domain is a number (RFC 3696 section 2), so 192.0.2.1 is none.
bool is_domain(std::string_view name) {
  if (name.size() > kLongestName) return false;
  std::string_view label;
  for (std::size_t begin = 0; begin <= name.size(); begin += label.size() + 1) {
    label = name.substr(begin, name.find('.', begin) - begin);
    if (!is_label(label)) return false;
  }
  return !is_number(label);
}

}  // namespace

std::optional<std::string> canonical_domain(std::string_view domain) {
  if (domain.size() > kLongestInput || domain.find('\0') != std::string_view::npos) return std::nullopt;
  const auto converted = to_a_labels(std::string(domain));
  if (!converted) return std::nullopt;
  std::string name = base::to_lower(*converted);
  if (name.ends_with('.')) name.pop_back();
  if (!is_domain(name)) return std::nullopt;
  return name;
}

std::size_t count_labels(std::string_view domain) {
  return static_cast<std::size_t>(std::count(domain.begin(), domain.end(), '.')) + 1;
}

std::string last_labels(std::string_view domain, std::size_t count) {
  for (std::size_t labels = count_labels(domain); labels > count; --labels) {
    domain.remove_prefix(std::min(domain.find('.'), domain.size() - 1) + 1);
  }
  return std::string(domain);
}

}  // namespace mailcheck::authentication
