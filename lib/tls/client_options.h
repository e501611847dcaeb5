// ClientOptions: how a TLS client of profile `client` behaves: the system's policy (openssl.cnf, crypto-policies) is
// honoured, a minimum version is set, and a failed verification ends the session before any secret is sent.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/secret.h"

struct ssl_ctx_st;

namespace mailcheck::tls {

enum class Verification { required, reported };  // reported: faults are facts, the session goes on (--insecure)
enum class MinimumVersion { tls1_0, tls1_1, tls1_2, tls1_3 };

struct ClientOptions {
  std::string server_name;                // sent as SNI unless it is an IP address
  std::vector<std::string> verify_names;  // host names or IP addresses; a certificate for any of them is accepted
  Verification verification = Verification::required;
  MinimumVersion minimum_version = MinimumVersion::tls1_2;
  std::string ca_file;  // both empty: the system's (a hashed directory before a bundle; SSL_CERT_FILE and SSL_CERT_DIR)
  std::string ca_path;
  std::string client_certificate_file;  // PEM, leaf first
  std::string client_key_file;          // PEM; empty: in the certificate file
  base::Secret client_key_password;
  std::shared_ptr<ssl_ctx_st> context = {};  // of make_context(), from these options; empty: each client makes its own
};

}  // namespace mailcheck::tls
