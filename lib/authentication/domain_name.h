// A mail domain as headers write it -> as the DNS has it; and its labels.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::authentication {

// Lower case, A-labels (IDNA 2008 with the mapping of UTS 46, non-transitional), no final full stop. std::nullopt: no
// domain name: an IP address (in brackets or not), an empty or too long label, more than 253 characters, what IDNA
// refuses, or anything but letters, digits, hyphens and underscores.
[[nodiscard]] std::optional<std::string> canonical_domain(std::string_view domain);

// "mail.example.test" -> 3
[[nodiscard]] std::size_t count_labels(std::string_view domain);
// The last `count` labels; all of them if there are no more. ("mail.example.test", 2) -> "example.test"
[[nodiscard]] std::string last_labels(std::string_view domain, std::size_t count);

}  // namespace mailcheck::authentication
