#include "sasl/external.h"

#include <string>

#include "sasl/failure.h"
#include "sasl/single_response.h"

namespace mailcheck::sasl {
namespace {

constexpr std::string_view kName = "EXTERNAL";

}  // namespace

base::Result<std::unique_ptr<Mechanism>> make_external(const Credentials& credentials) {
  if (!credentials.has_client_certificate) {
    return failure(base::ErrorKind::local, kName, "there is no client certificate");
  }
  const std::string& identity = credentials.authorization.empty() ? credentials.user : credentials.authorization;
  if (identity.find('\0') != std::string::npos) {
    return failure(base::ErrorKind::local, kName, "the user name holds a NUL, which cannot be sent");
  }
  return std::make_unique<SingleResponse>(kName, base::Secret(identity));
}

}  // namespace mailcheck::sasl
