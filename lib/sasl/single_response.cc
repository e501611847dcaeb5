#include "sasl/single_response.h"

#include <utility>

#include "sasl/failure.h"

namespace mailcheck::sasl {

base::Result<base::Secret> SingleResponse::respond(std::string_view challenge) {
  base::Secret response = std::move(response_);
  if (std::exchange(has_spoken_, true)) return surplus_challenge(name_);
  if (!challenge.empty()) return early_challenge(name_);
  return response;
}

base::Result<void> SingleResponse::finish() {
  if (has_spoken_ || response_.is_empty()) return {};
  return early_success(name_);
}

}  // namespace mailcheck::sasl
