// Handshake words: OpenSSL's error codes and the server's alerts -> a clause that a person can act on.
#pragma once

#include "base/error.h"

namespace mailcheck::tls {

// `code` as ERR_peek_error gives it, `minimum_version` as SSL_get_min_proto_version does. Kind old_protocol where the
// server speaks none of our versions, else tls_handshake.
[[nodiscard]] base::Error handshake_error(unsigned long code, int minimum_version);

// True for the alerts by which a server says that it can use nothing of what it was offered (40 and 71).
[[nodiscard]] bool is_offer_refused(const base::Error& error);

// The same for data that cannot be read after the handshake: kind protocol_error, in OpenSSL's words.
[[nodiscard]] base::Error record_error(unsigned long code);

}  // namespace mailcheck::tls
