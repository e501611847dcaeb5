// FETCH response (RFC 9051 section 7.5.2): the items that we ask for; others are skipped.
//
//   "*" SP number SP "FETCH" SP "(" [item SP value *(SP item SP value)] ")"
#pragma once

#include <optional>
#include <string_view>

#include "imap/facts.h"

namespace mailcheck::imap {

// `data` of a response named FETCH. std::nullopt if it is malformed or nested too deeply.
[[nodiscard]] std::optional<Message> parse_fetch(std::uint64_t sequence, std::string_view data);

}  // namespace mailcheck::imap
