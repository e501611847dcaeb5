#include "tls/context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <utility>

#include "tls/client_key.h"
#include "tls/local_error.h"
#include "tls/survey.h"
#include "tls/trust.h"
#include "tls/version_number.h"

namespace mailcheck::tls {
namespace {

// SSL_CTX_new would load the texts of all error codes (0.3 ms of CPU); handshake_words.cc loads them when it needs one.
// OpenSSL's tidying up at exit is left out (0.15 ms): the process ends, and keys are wiped when their objects are
// freed.
void initialise_openssl() {
  constexpr std::uint64_t kNoTexts = OPENSSL_INIT_NO_LOAD_SSL_STRINGS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS;
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT | kNoTexts, nullptr);
}

// The configuration has been applied by SSL_CTX_new: what stands there is the system's policy.
void raise_minimum_version(SSL_CTX* context, Version version) {
  const int wanted = version_number(version);
  if (SSL_CTX_get_min_proto_version(context) < wanted) SSL_CTX_set_min_proto_version(context, wanted);
}

base::Result<void> trust_authorities(SSL_CTX* context, const ClientOptions& options) {
  const TrustPlaces places = system_trust_places();
  const auto source = choose_trust(options, places);
  if (!source) return base::fail(source.error());
  const bool has_none = source->file.empty() && source->directory.empty();
  if (has_none && (options.verification == Verification::required || options.survey)) {
    return local_error("no CA certificates found on this machine (install ca-certificates or name a CA file)");
  }
  auto loaded = load_trust(context, *source);
  if (loaded) return loaded;
  base::Error error = std::move(loaded.error());
  if (!options.ca_file.empty()) {
    error.input = "ca-file";
  } else if (!places.file_variable.empty()) {
    error.detail += " (SSL_CERT_FILE names it)";
  }
  return base::fail(std::move(error));
}

}  // namespace

base::Result<ContextHandle> make_context(const ClientOptions& options) {
  initialise_openssl();
  ContextHandle context(SSL_CTX_new(TLS_client_method()));
  if (!context) {
    ERR_clear_error();
    return local_error("OpenSSL cannot be set up on this machine (see its configuration, openssl.cnf)");
  }
  if (options.survey) {
    allow_everything(context.get());
  } else {
    raise_minimum_version(context.get(), options.minimum_version);
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  if (auto trusted = trust_authorities(context.get(), options); !trusted) return base::fail(trusted.error());
  if (auto loaded = load_client_key(context.get(), options); !loaded) return base::fail(loaded.error());
  return context;
}

}  // namespace mailcheck::tls
