// Mechanism: one run of one SASL mechanism (RFC 4422) without I/O: decoded challenge in, decoded response out. The
// protocol rooms do the base64 and the command lines.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace mailcheck::sasl {

class Mechanism {
 public:
  virtual ~Mechanism() = default;
  // The registered name in upper case: "PLAIN", "SCRAM-SHA-256-PLUS".
  [[nodiscard]] virtual std::string_view name() const = 0;
  // True if the client speaks first (so that an initial response may be sent).
  [[nodiscard]] virtual bool is_client_first() const = 0;
  // The next response. For client-first mechanisms the first call gets an empty challenge. Everything in it counts as
  // secret. Errors: stage auth; protocol_error (a challenge that is not the mechanism's, or says that one side broke
  // the rules), auth_failed (the server's proof is wrong, or a challenge said so), auth_unavailable (SCRAM
  // e=no-resources), local (OpenSSL refuses the digest). After an error the exchange is over and the object holds no
  // secret any more.
  [[nodiscard]] virtual base::Result<base::Secret> respond(std::string_view challenge) = 0;
  // Called when the server reports success. Errors: protocol_error, if not all that was to be said has been said, or
  // the server said before that it refuses; auth_failed, if the mechanism authenticates the server too and that has not
  // happened (SCRAM without a verified v=).
  [[nodiscard]] virtual base::Result<void> finish() = 0;
  // What the server's error challenge said (XOAUTH2/OAUTHBEARER JSON status, SCRAM e=); empty if nothing. Peer text,
  // whole: it is cut once it is masked.
  [[nodiscard]] virtual std::string server_error() const { return {}; }
};

}  // namespace mailcheck::sasl
