// Client key: the certificate and key with which a client shows who it is.
#pragma once

#include "base/error.h"
#include "tls/client_options.h"

struct ssl_ctx_st;

namespace mailcheck::tls {

// Loads them into the context; nothing happens if the options name no certificate. Never prompts: an encrypted key
// without a password is an error. Errors: stage tls, kind local, input: the option at fault: a file that cannot be
// read, a wrong password, a key that does not belong to the certificate.
[[nodiscard]] base::Result<void> load_client_key(ssl_ctx_st* context, const ClientOptions& options);

}  // namespace mailcheck::tls
