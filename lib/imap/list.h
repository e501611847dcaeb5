// LIST response (RFC 9051 section 7.3.1).
//
//   "*" SP "LIST" SP "(" *attribute ")" SP (DQUOTE char DQUOTE / NIL) SP mailbox
#pragma once

#include <optional>
#include <string_view>

#include "imap/facts.h"

namespace mailcheck::imap {

// `data` of a response named LIST; std::nullopt if it is malformed or has more than 64 attributes.
[[nodiscard]] std::optional<ListedMailbox> parse_list(std::string_view data);

// True unless an attribute says that the mailbox is not there (\NonExistent, RFC 5258).
[[nodiscard]] bool exists(const ListedMailbox& mailbox);

}  // namespace mailcheck::imap
