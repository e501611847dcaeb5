// LOGIN (never standardised; draft-murchison-sasl-login): the server asks twice, the answers are user and password.
//
// The words of the prompts are not read: servers write "Username:", "User Name" with a NUL, or anything else. A third
// prompt is a protocol_error, the answer to a wrong guess of ours is never sent twice. As with PLAIN nothing is
// prepared. In IMAP this is AUTHENTICATE LOGIN, not the LOGIN command.
#pragma once

#include <memory>

#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

// Errors: stage auth, kind local: no user, no password, a NUL, or an authorization identity (there is no field for it).
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_login(const Credentials& credentials);

}  // namespace mailcheck::sasl
