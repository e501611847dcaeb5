// SCRAM-SHA-1 (RFC 5802), SCRAM-SHA-256 (RFC 7677) and their -PLUS forms: neither side shows the password, both prove
// that they know it, and -PLUS ties the exchange to this very TLS session (tls-exporter, RFC 9266, or
// tls-server-end-point, RFC 5929).
//
// The first flag tells the server what we think of channel binding, so that nobody can strike -PLUS off its list
// unseen: "p" says that this exchange is bound (-PLUS), "y" that we could bind but the server does not list -PLUS, "n"
// that we cannot bind, or do not want to although the server could.
//
// Promises: the server's nonce must go on from ours, the iteration count keeps within scram_message.h's bounds, m= is
// refused, v= is compared in constant time; a wrong v= is auth_failed, and finish() is auth_failed if no right v= came.
// The server's final message may come as a challenge: it is answered with nothing. e= ends the exchange (the kind by
// the word, scram_message.h) and is kept for server_error(). Surplus challenges are protocol_error. The password leaves
// the object with the message that proves it, or with the first error.
#pragma once

#include <memory>
#include <string>

#include "base/mask.h"
#include "sasl/channel_binding.h"
#include "sasl/credentials.h"
#include "sasl/mechanism.h"

namespace mailcheck::sasl {

struct ScramRequest {
  std::string name;  // SCRAM-SHA-1, SCRAM-SHA-1-PLUS, SCRAM-SHA-256 or SCRAM-SHA-256-PLUS
  ChannelBinding binding = {};
  bool server_offers_plus = false;
  std::string nonce = {};      // printable ASCII without ','; empty: 144 random bits
  base::Mask* mask = nullptr;  // learns the proof before it is sent
};

// Errors: stage auth, kind local: no user, no password, one that SASLprep refuses (PLAIN can send it), a nonce or a
// name that is none, -PLUS without binding data.
[[nodiscard]] base::Result<std::unique_ptr<Mechanism>> make_scram(const ScramRequest& request,
                                                                  const Credentials& credentials);

}  // namespace mailcheck::sasl
