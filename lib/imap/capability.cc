#include "imap/capability.h"

#include <algorithm>

#include "base/ascii.h"

namespace mailcheck::imap {
namespace {

constexpr std::size_t kMostNames = 1000;  // the richest servers list some 60

}  // namespace

Capabilities Capabilities::parse(std::string_view words) {
  Capabilities capabilities;
  capabilities.is_known_ = true;
  while (!words.empty() && capabilities.names_.size() < kMostNames) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (!word.empty()) capabilities.names_.emplace_back(word);
    words.remove_prefix(std::min(words.size(), word.size() + 1));
  }
  return capabilities;
}

bool Capabilities::has(std::string_view name) const {
  return std::any_of(names_.begin(), names_.end(),
                     [&](const auto& known) { return base::equals_ignoring_case(known, name); });
}

std::vector<std::string> Capabilities::mechanisms() const {
  constexpr std::string_view kPrefix = "AUTH=";
  std::vector<std::string> mechanisms;
  for (const auto& name : names_) {
    if (base::equals_ignoring_case(std::string_view(name).substr(0, kPrefix.size()), kPrefix)) {
      mechanisms.push_back(name.substr(kPrefix.size()));
    }
  }
  return mechanisms;
}

}  // namespace mailcheck::imap
