// STATUS response (RFC 9051 section 7.3.4): the items that we ask for; others are skipped.
//
//   "*" SP "STATUS" SP mailbox SP "(" [item SP number *(SP item SP number)] ")"
#pragma once

#include <optional>
#include <string_view>

#include "imap/facts.h"

namespace mailcheck::imap {

// `data` of a response named STATUS. std::nullopt if it is malformed. Deviation tolerated: a name with spaces that is
// not quoted.
[[nodiscard]] std::optional<FolderStatus> parse_status(std::string_view data);

}  // namespace mailcheck::imap
