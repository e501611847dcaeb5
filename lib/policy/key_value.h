// The key-value grammar that MTA-STS and TLS-RPT share (RFC 8461 sections 3.1 and 3.2, RFC 8460 section 3).
#pragma once

#include <string_view>

namespace mailcheck::policy {

// 1 to 32 letters, digits, "_", "-", "."; a letter or digit first.
[[nodiscard]] bool is_key(std::string_view text);

// 1 to 32 letters and digits: the id of a policy.
[[nodiscard]] bool is_policy_id(std::string_view text);

// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

}  // namespace mailcheck::policy
