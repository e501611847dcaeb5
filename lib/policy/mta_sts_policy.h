// MtaStsPolicy: the body of https://mta-sts.DOMAIN/.well-known/mta-sts.txt (RFC 8461 section 3.2), read.
//
// Lines "key: value", ended by CRLF or LF, in any order; empty lines are passed over. Keys and values are
// case-sensitive. A key that comes twice counts once, the first time, but for mx; unknown keys are passed over. Both
// are remarks. A fault makes the policy invalid: senders that read strictly take it for no policy at all. At most 64
// KiB, 1000 mx and 32 remarks or faults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailcheck::policy {

struct MtaStsPolicy {
  std::string version = {};                   // "STSv1"; like all fields empty if missing or invalid
  std::string mode = {};                      // "enforce", "testing", "none"
  std::optional<std::uint64_t> max_age = {};  // seconds, up to 31557600 (a year)
  std::vector<std::string> mx = {};           // "mail.example.org", "*.example.org"; valid patterns only
  std::vector<std::string> faults = {};       // what is missing, invalid or no field; clauses fit for output
  std::vector<std::string> remarks = {};      // unknown and repeated keys

  [[nodiscard]] bool is_valid() const { return faults.empty(); }
};

[[nodiscard]] MtaStsPolicy read_mta_sts_policy(std::string_view body);

}  // namespace mailcheck::policy
