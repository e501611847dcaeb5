#include "policy/mta_sts_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/number.h"
#include "base/printable.h"
#include "policy/host_pattern.h"
#include "policy/key_value.h"

namespace mailcheck::policy {
namespace {

constexpr std::size_t kLargestBody = std::size_t{64} * 1024;
constexpr std::size_t kMostPatterns = 1000;
constexpr std::size_t kMostWords = 32;  // faults, and remarks
constexpr std::size_t kMostShown = 80;
constexpr std::uint64_t kLongestAge = 31557600;
constexpr std::size_t kMostDigits = 10;
constexpr std::array<std::string_view, 3> kModes = {"enforce", "testing", "none"};

void add(std::vector<std::string>& words, std::string more) {
  if (words.size() < kMostWords) words.push_back(std::move(more));
}

std::string shown(std::string_view value) {
  return base::printable(value, kMostShown);
}

class Reader {
 public:
  MtaStsPolicy read(std::string_view body) {
    if (body.size() > kLargestBody) {
      add(policy_.faults, "the policy is larger than 64 KiB");
      return std::move(policy_);
    }
    for (std::size_t number = 1; !body.empty(); ++number) {
      const std::size_t end = std::min(body.find('\n'), body.size());
      std::string_view line = body.substr(0, end);
      body.remove_prefix(std::min(end + 1, body.size()));
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!without_blanks(line).empty()) read_line(line, number);
    }
    name_missing();
    return std::move(policy_);
  }

 private:
  void read_line(std::string_view line, std::size_t number) {
    const std::size_t colon = line.find(':');
    const std::string_view key = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_key(key)) {
      add(policy_.faults, fmt::format("line {} is not \"key: value\": \"{}\"", number, shown(line)));
      return;
    }
    const std::string_view value = without_blanks(line.substr(colon + 1));
    const bool is_first = seen_.insert(std::string(key)).second;
    if (key == "mx") return read_mx(value);
    if (key != "version" && key != "mode" && key != "max_age") {
      if (is_first) add(policy_.remarks, fmt::format("unknown key {}", key));
      return;
    }
    if (!is_first) return add(policy_.remarks, fmt::format("{} comes more than once, the first counts", key));
    read_field(key, value);
  }

  void read_field(std::string_view key, std::string_view value) {
    if (key == "max_age") return read_max_age(value);
    const bool is_version = key == "version";
    const bool is_known =
        is_version ? value == "STSv1" : std::find(kModes.begin(), kModes.end(), value) != kModes.end();
    if (!is_known) return add(policy_.faults, fmt::format("{} is \"{}\"", key, shown(value)));
    (is_version ? policy_.version : policy_.mode) = value;
  }

  void read_max_age(std::string_view value) {
    const auto seconds = value.size() <= kMostDigits ? base::parse_unsigned(value) : std::nullopt;
    if (!seconds || *seconds > kLongestAge) {
      return add(policy_.faults, fmt::format("max_age is \"{}\", not 0 to {}", shown(value), kLongestAge));
    }
    policy_.max_age = *seconds;
  }

  void read_mx(std::string_view value) {
    if (!is_host_pattern(value)) {
      return add(policy_.faults, fmt::format("mx \"{}\" is neither a host name nor \"*.\" and one", shown(value)));
    }
    if (policy_.mx.size() < kMostPatterns) {
      policy_.mx.emplace_back(value);
    } else if (!has_too_many_) {
      has_too_many_ = true;
      add(policy_.faults, fmt::format("there are more than {} mx", kMostPatterns));
    }
  }

  void name_missing() {
    for (const std::string_view key : {"version", "mode", "max_age"}) {
      if (seen_.count(std::string(key)) == 0) add(policy_.faults, fmt::format("{} is missing", key));
    }
    if (seen_.count("mx") == 0 && policy_.mode != "none") add(policy_.faults, "mx is missing");
  }

  MtaStsPolicy policy_;
  std::set<std::string> seen_;
  bool has_too_many_ = false;
};

}  // namespace

MtaStsPolicy read_mta_sts_policy(std::string_view body) {
  return Reader().read(body);
}

}  // namespace mailcheck::policy
