// Credentials: who logs in and with what. Exactly one kind of proof is set in practice; choice.h picks by it.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"

namespace mailcheck::sasl {

struct Credentials {
  std::string user;           // authentication identity (authcid), UTF-8
  std::string authorization;  // authorization identity (authzid), empty: the same as user
  std::optional<base::Secret> password;
  std::optional<base::Secret> token;    // OAuth 2.0 access token, for XOAUTH2 and OAUTHBEARER
  bool has_client_certificate = false;  // EXTERNAL can be used
  std::string host;                     // for OAUTHBEARER's host=, port=
  unsigned port = 0;
};

}  // namespace mailcheck::sasl
