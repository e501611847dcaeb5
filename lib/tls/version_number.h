// OpenSSL's numbers of the TLS versions.
#pragma once

#include <openssl/tls1.h>

#include "tls/survey_options.h"

namespace mailcheck::tls {

[[nodiscard]] constexpr int version_number(Version version) {
  switch (version) {
    case Version::tls1_0: return TLS1_VERSION;
    case Version::tls1_1: return TLS1_1_VERSION;
    case Version::tls1_2: return TLS1_2_VERSION;
    case Version::tls1_3: return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

}  // namespace mailcheck::tls
