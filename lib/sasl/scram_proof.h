// The arithmetic of SCRAM (RFC 5802 section 3): from password, salt and the exchanged messages to both sides' proofs.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.h"
#include "crypto/digest.h"
#include "sasl/scram_message.h"

namespace mailcheck::sasl {

struct ScramProof {
  base::Secret client;            // ClientProof, what we send as p=
  base::Secret server_signature;  // what the server has to answer as v=
};

// The password is prepared already. All keys in between are wiped on return. std::nullopt: OpenSSL refuses the digest.
[[nodiscard]] std::optional<ScramProof> prove(crypto::Digest digest, const base::Secret& password,
                                              const ServerFirst& server_first, std::string_view auth_message);

}  // namespace mailcheck::sasl
