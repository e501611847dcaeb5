#include "sasl/plain.h"

#include <utility>

#include "sasl/identity.h"
#include "sasl/single_response.h"

namespace mailcheck::sasl {
namespace {

constexpr std::string_view kName = "PLAIN";
constexpr std::string_view kNul("\0", 1);

}  // namespace

base::Result<std::unique_ptr<Mechanism>> make_plain(const Credentials& credentials) {
  if (auto checked = check_user_and_password(kName, credentials); !checked) {
    return base::fail(std::move(checked.error()));
  }
  base::Secret message(credentials.authorization);
  message.append(kNul);
  message.append(credentials.user);
  message.append(kNul);
  message.append(credentials.password->expose());
  return std::make_unique<SingleResponse>(kName, std::move(message));
}

}  // namespace mailcheck::sasl
