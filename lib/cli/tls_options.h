// Encryption: mode, trust, names and the client's own certificate. Files are looked at while options are read, so that
// a bad path is an option error and no connection is made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/option_table.h"

namespace mailcheck::cli {

enum class TlsMode { by_port, implicit, starttls, none };
enum class TlsVersion { tls1_0, tls1_1, tls1_2, tls1_3 };

struct TlsOptions {
  TlsMode mode = TlsMode::by_port;            // --tls, -s; -S (encryption required) leaves it by_port or starttls
  bool is_required = false;                   // -S was given
  std::optional<TlsVersion> minimum_version;  // none: the system's policy
  std::string ca_file;                        // PEM bundle; "": the system's trust
  std::string ca_path;                        // folder of hashed certificates
  std::string sni;                            // "": the host name
  std::vector<std::string> verify_names;      // names accepted in the certificate; empty: the host name
  bool is_insecure = false;                   // report a failed verification instead of ending the session
  std::string client_certificate;             // PEM, chain included
  std::string client_key;                     // "": in client_certificate
  std::string client_key_password_file;
};

// The first option that asks something of a TLS session ("--ca-file"), for those that will never have one; "": none.
[[nodiscard]] std::string first_tls_option(const TlsOptions& options, const std::string& prefix);

// `prefix` ("" or "smtp-") stands before the long names; with one there are no letters. `options` must outlive the
// table.
void add_tls_options(OptionTable& table, TlsOptions& options, const std::string& prefix);
// For one of several sides, of which each may be told for all: that --tls none contradicts other options of the table
// is left to the plugin.
void add_tls_side_options(OptionTable& table, TlsOptions& options, const std::string& prefix);
// For a plugin that judges the encryption itself: neither --tls none nor --insecure.
void add_tls_survey_options(OptionTable& table, TlsOptions& options);

}  // namespace mailcheck::cli
