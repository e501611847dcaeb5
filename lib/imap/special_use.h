// Special use: which of the listed mailboxes is the one for junk or for trash.
//
// By attribute where the server says it (RFC 6154; XLIST's \Spam of old Gmail), else by the names that mail servers
// and programs give them: at the top, below INBOX, or below [Gmail]. Names compare without case. Of several by name the
// first in the order of the list of names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imap/facts.h"

namespace mailcheck::imap {

enum class SpecialUse { junk, trash };

// The wire form of its name; std::nullopt: none can be recognised.
[[nodiscard]] std::optional<std::string> find_special_use(const std::vector<ListedMailbox>& listed, SpecialUse use);

}  // namespace mailcheck::imap
