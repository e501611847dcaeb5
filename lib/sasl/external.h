// EXTERNAL (RFC 4422 appendix A): the client certificate of the TLS session is the proof; the message only says as
// whom.
//
// The message is the authorization identity, or the user where none is given, or empty (the identity that the server
// reads out of the certificate). Users' clients send the user too.
#pragma once

#include <memory>

#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

// Errors: stage auth, kind local: there is no client certificate, or a NUL in the identity.
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_external(const Credentials& credentials);

}  // namespace mailcheck::sasl
