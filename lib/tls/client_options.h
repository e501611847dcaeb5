// ClientOptions: how a TLS client behaves. Profile `client`: the system's policy (openssl.cnf, crypto-policies) is
// honoured, a minimum version is set, and a failed verification ends the session before any secret is sent. Profile
// `survey`: see survey_options.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "tls/survey_options.h"

struct ssl_ctx_st;

namespace mailcheck::tls {

enum class Verification { required, reported };  // reported: faults are facts, the session goes on (--insecure)

struct ClientOptions {
  std::string server_name;                // sent as SNI unless it is an IP address
  std::vector<std::string> verify_names;  // host names or IP addresses; a certificate for any of them is accepted
  Verification verification = Verification::required;
  Version minimum_version = Version::tls1_2;  // of profile client
  std::optional<SurveyOptions> survey = {};   // profile survey; verification is never required then
  std::string ca_file;  // both empty: the system's (a hashed directory before a bundle; SSL_CERT_FILE and SSL_CERT_DIR)
  std::string ca_path;
  std::string client_certificate_file;  // PEM, leaf first
  std::string client_key_file;          // PEM; empty: in the certificate file
  base::Secret client_key_password;
  std::shared_ptr<ssl_ctx_st> context = {};  // of make_context(), from these options; empty: each client makes its own
};

}  // namespace mailcheck::tls
