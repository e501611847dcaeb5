// FETCH response (RFC 9051 section 7.5.2): the items that we ask for; others are skipped.
//
//   "*" SP number SP "FETCH" SP "(" [item SP value *(SP item SP value)] ")"
//
// BODY[HEADER.FIELDS (...)] is the message's header, at most 4 KiB; BODY[HEADER] and BODY[] are its content, at most
// 64 KiB. What is longer is cut at the end of a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "imap/facts.h"

namespace mailcheck::imap {

// As many bytes of a section are asked for, and kept.
constexpr std::size_t kLongestSection = std::size_t{64} * 1024;

// `data` of a response named FETCH. std::nullopt if it is malformed or nested too deeply.
[[nodiscard]] std::optional<Message> parse_fetch(std::uint64_t sequence, std::string_view data);

}  // namespace mailcheck::imap
