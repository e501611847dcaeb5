// Refusal: what a NO, BAD or BYE of the server means. The one place where response codes (RFC 5530, RFC 9051
// section 7.1) and, where a server sends none, its words are turned into a kind of error.
//
// Wrong password, temporary trouble and a mailbox that cannot be used are told apart here. A code beats the words.
#pragma once

#include "base/error.h"
#include "imap/response.h"

namespace mailcheck::imap {

// Precondition: the response is a tagged NO or BAD, or a BYE. detail says in our words what was refused; peer_code and
// peer_text hold the response.
[[nodiscard]] base::Error refusal(base::Stage stage, const Response& response);

}  // namespace mailcheck::imap
