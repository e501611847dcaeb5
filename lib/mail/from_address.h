// The author's address: what stands in From (RFC 5322 section 3.6.2), as DMARC wants it (RFC 9989): one address, or
// nothing that can be judged.
//
// Read: display names in atoms and quoted strings, comments anywhere between words, "<address>", a bare address, a
// source route. Not usable: no address, several, a group, several From fields, an address without domain.
#pragma once

#include <optional>
#include <string_view>

#include "mail/address.h"
#include "mail/header_section.h"

namespace mailcheck::mail {

// From a field's value.
[[nodiscard]] std::optional<Address> parse_single_mailbox(std::string_view value);
// From a message's header.
[[nodiscard]] std::optional<Address> read_from_address(const HeaderSection& header);

}  // namespace mailcheck::mail
