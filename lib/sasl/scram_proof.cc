#include "sasl/scram_proof.h"

#include <utility>

#include "crypto/hmac.h"
#include "crypto/pbkdf2.h"

namespace mailcheck::sasl {
namespace {

// Both have the digest's size.
base::Secret exclusive_or(std::string_view left, std::string_view right) {
  base::Secret out;
  for (std::size_t i = 0; i < left.size(); ++i) {
    char byte = static_cast<char>(left[i] ^ right[i]);
    out.append(std::string_view(&byte, 1));
    base::wipe(&byte, 1);
  }
  return out;
}

}  // namespace

std::optional<ScramProof> prove(crypto::Digest digest, const base::Secret& password, const ServerFirst& server_first,
                                std::string_view auth_message) {
  const auto salted = crypto::pbkdf2(digest, password, server_first.salt, server_first.iterations);
  if (!salted) return std::nullopt;
  const auto client_key = crypto::hmac(digest, salted->expose(), "Client Key");
  const auto server_key = crypto::hmac(digest, salted->expose(), "Server Key");
  if (!client_key || !server_key) return std::nullopt;
  const auto stored_key = crypto::digest_of(digest, *client_key);
  if (!stored_key) return std::nullopt;
  const auto client_signature = crypto::hmac(digest, stored_key->expose(), auth_message);
  auto server_signature = crypto::hmac(digest, server_key->expose(), auth_message);
  if (!client_signature || !server_signature) return std::nullopt;
  return ScramProof{.client = exclusive_or(client_key->expose(), client_signature->expose()),
                    .server_signature = std::move(*server_signature)};
}

}  // namespace mailcheck::sasl
