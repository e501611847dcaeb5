#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"
#include "smtp/reply_class.h"

namespace mailcheck::smtp {
namespace {

constexpr std::size_t kLongestName = 200;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_host_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// "(https://example.test/x)." -> "https://example.test/x"
std::string_view without_punctuation(std::string_view word) {
  constexpr std::string_view kAround = ".,;:!?()[]<>{}\"'";
  const std::size_t first = word.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return word.substr(first, word.find_last_not_of(kAround) + 1 - first);
}

bool is_url(std::string_view word) {
  const std::size_t slashes = word.find("://");
  if (slashes == std::string_view::npos || slashes + 3 >= word.size()) return false;
  const std::string_view scheme = word.substr(0, slashes);
  return base::equals_ignoring_case(scheme, "http") || base::equals_ignoring_case(scheme, "https");
}

// "zen.spamhaus.org", but neither "192.0.2.1" nor "user@example.test".
bool is_host_name(std::string_view word) {
  const std::size_t dot = word.rfind('.');
  if (dot == std::string_view::npos || word.size() > kLongestName) return false;
  return std::any_of(word.begin() + static_cast<std::ptrdiff_t>(dot), word.end(), is_letter) &&
         std::all_of(word.begin(), word.end(), is_host_character);
}

// A list by its name: a label that ends in "bl" (dnsbl, rbl, sbl), or a list everybody knows.
bool is_list_name(std::string_view host) {
  constexpr std::array<std::string_view, 6> kKnown = {"bl.",        "spamhaus", "spamcop", "barracudacentral",
                                                      "uceprotect", "abuseat"};
  return std::any_of(kKnown.begin(), kKnown.end(),
                     [&](auto known) { return base::contains_ignoring_case(host, known); });
}

// Looks at one word after the other and keeps the best: a list's name, a host after "using" or "list at", a URL.
class Search {
 public:
  void look_at(std::string_view word) {
    const std::string_view bare = without_punctuation(word);
    if (is_host_name(bare)) {
      if (name_.empty() && is_list_name(bare)) name_ = bare;
      if (host_.empty() && is_named_here()) host_ = bare;
    }
    if (url_.empty() && is_url(bare)) url_ = bare.substr(0, kLongestName);
    before_last_ = last_;
    last_ = bare;
  }

  [[nodiscard]] std::string_view best() const { return !name_.empty() ? name_ : !host_.empty() ? host_ : url_; }

 private:
  [[nodiscard]] bool is_named_here() const {
    if (last_ == "using") return true;
    return (last_ == "at" || last_ == "in" || last_ == "on" || last_ == "by") &&
           base::contains_ignoring_case(before_last_, "list");
  }

  std::string_view name_;
  std::string_view host_;
  std::string_view url_;
  std::string_view last_;
  std::string_view before_last_;
};

}  // namespace

std::string named_list(const Reply& reply) {
  Search search;
  for (const std::string& line : reply.lines) {
    std::string_view rest = line;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
      if (end > 0) search.look_at(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return std::string(search.best());
}

}  // namespace mailcheck::smtp
