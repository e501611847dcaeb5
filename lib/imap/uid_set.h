// Sets of UIDs (RFC 9051 section 9, sequence-set, uid-set), and the code that pairs two of them.
//
//   set      = range *("," range)        range = number [":" number], either end first
//   COPYUID  number SP set SP set        (RFC 4315)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imap/facts.h"

namespace mailcheck::imap {

// "1,2,5". Precondition: not empty.
[[nodiscard]] std::string write_set(const std::vector<std::uint64_t>& numbers);

// A server's set, in its order, the first 1,000 numbers of it; std::nullopt if it is malformed. No "*", no 0.
[[nodiscard]] std::optional<std::vector<std::uint64_t>> read_set(std::string_view text);

// `arguments` of a code COPYUID. std::nullopt if they are malformed, or the sets are not of the same size.
[[nodiscard]] std::optional<CopyUid> parse_copy_uid(std::string_view arguments);

}  // namespace mailcheck::imap
