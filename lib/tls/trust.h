// Trust: where the CA certificates come from. A bundle of 150 certificates costs 20 ms of CPU to parse, a hashed
// directory nothing until a certificate is looked for: so never a bundle where a hashed directory exists.
//
// 1. ca_file and ca_path of the options: they replace everything else.
// 2. SSL_CERT_FILE and SSL_CERT_DIR: each replaces its own default, as in OpenSSL. SSL_CERT_FILE alone stands beside
//    the system's directory; SSL_CERT_DIR alone stands for itself if it holds hash links.
// 3. The directory OpenSSL was built with, or a well-known one, if it holds hash links.
// 4. The bundle OpenSSL was built with, or a well-known one.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "tls/client_options.h"

struct ssl_ctx_st;

namespace mailcheck::tls {

struct TrustSource {
  std::string file;       // PEM; empty: none
  std::string directory;  // hashed; several with ':' between them; empty: none
};

// Where to look; a value of its own so that tests need not own /etc.
struct TrustPlaces {
  std::string file_variable;       // value of SSL_CERT_FILE
  std::string directory_variable;  // value of SSL_CERT_DIR
  std::vector<std::string> directories;
  std::vector<std::string> bundles;
};

[[nodiscard]] TrustPlaces system_trust_places();

// True if one of the directories (':' between them) has a name like 1a2b3c4d.0.
[[nodiscard]] bool holds_hash_links(const std::string& directories);

// Reads directories until the first hash link, no certificate. Both fields empty: nothing was found. Error: stage tls,
// kind local, input ca-path: the ca_path of the options has no hash links.
[[nodiscard]] base::Result<TrustSource> choose_trust(const ClientOptions& options, const TrustPlaces& places);

// Errors: stage tls, kind local: a file that cannot be read or holds no certificate.
[[nodiscard]] base::Result<void> load_trust(ssl_ctx_st* context, const TrustSource& source);

}  // namespace mailcheck::tls
