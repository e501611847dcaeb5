// Context: an SSL_CTX of profile `client` or `survey`. OpenSSL's configuration is always read (crypto policies, FIPS).
// Profile client: the minimum version is raised to what the options ask and never lowered below what the system asks.
// Profile survey: everything that OpenSSL can speak is allowed (but SSL 3, which it cannot).
#pragma once

#include "base/error.h"
#include "tls/client_options.h"
#include "tls/handles.h"

namespace mailcheck::tls {

// Reads the files, once for as many clients as are made with it (ClientOptions::context). Errors: stage tls, kind
// local: CA certificates (trust.h), client certificate or key (client_key.h) that cannot be used, with the option at
// fault as input; or none of the system's CA certificates found although verification is required.
[[nodiscard]] base::Result<ContextHandle> make_context(const ClientOptions& options);

}  // namespace mailcheck::tls
