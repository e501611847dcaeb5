// How this room makes its errors: always stage auth, the clause with the mechanism's name in front. Inside sasl only.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mailcheck::sasl {

[[nodiscard]] inline tl::unexpected<base::Error> failure(base::ErrorKind kind, std::string_view mechanism,
                                                         std::string_view clause) {
  std::string detail(mechanism);
  detail += ": ";
  detail += clause;
  return base::fail({.stage = base::Stage::auth, .kind = kind, .detail = std::move(detail)});
}

// The server goes on asking although the exchange is over.
[[nodiscard]] inline tl::unexpected<base::Error> surplus_challenge(std::string_view mechanism) {
  return failure(base::ErrorKind::protocol_error, mechanism, "the server sent a challenge after the exchange was over");
}

// A client-first mechanism was handed something before it spoke.
[[nodiscard]] inline tl::unexpected<base::Error> early_challenge(std::string_view mechanism) {
  return failure(base::ErrorKind::protocol_error, mechanism,
                 "the server sent a challenge where the client speaks first");
}

// The server lets somebody in who has not yet said who they are.
[[nodiscard]] inline tl::unexpected<base::Error> early_success(std::string_view mechanism) {
  return failure(base::ErrorKind::protocol_error, mechanism,
                 "the server reports success before the credentials were sent");
}

}  // namespace mailcheck::sasl
