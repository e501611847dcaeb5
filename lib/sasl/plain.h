// PLAIN (RFC 4616): authorization identity NUL user NUL password, in one message.
//
// User and password go out as given, without SASLprep. RFC 4616 lays the preparation on the server, which compares; the
// servers that prepare do so with what we send, those that do not (Dovecot) compare bytes, and preparing here would
// lock out a password that users' clients log in with. So a password that SASLprep refuses can still be sent by PLAIN.
// Does not look at the connection: whether a password may go over it is decided before (choice.h, the sessions).
#pragma once

#include <memory>

#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

// Errors: stage auth, kind local: no user, no password, or a NUL in one of them.
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_plain(const Credentials& credentials);

}  // namespace mailcheck::sasl
