// Refusal: what a NO, BAD or BYE of the server means. The one place where response codes (RFC 5530, RFC 9051
// section 7.1) and, where a server sends none, its words are turned into a kind of error.
//
// Wrong password, temporary trouble and a mailbox that cannot be used are told apart here. A code beats the words. A NO
// to a log in that nobody knows is auth_failed, since that is what most servers mean; is_about_credentials is set only
// where a known code or word says it. BAD is never auth_failed.
#pragma once

#include "base/error.h"
#include "imap/response.h"

namespace mailcheck::imap {

// Precondition: the response is a NO or BAD, or a BYE. detail says in our words what was refused; peer_code and
// peer_text hold the response.
[[nodiscard]] base::Error refusal(base::Stage stage, const Response& response);

}  // namespace mailcheck::imap
