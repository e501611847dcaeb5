// Who logs in and where the secret comes from. Only -P brings the secret itself; files, environment and descriptors are
// read by plugins/shared/secret_source. At most one source, of a password or of a token, may be named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "cli/option_table.h"

namespace mailcheck::cli {

struct CredentialOptions {
  std::string user;           // "": nobody logs in
  bool is_nobody = false;     // --user '' was given
  base::Secret password;      // from -P
  bool has_password = false;  // -P was given
  std::string password_file;
  std::string password_env;  // name of the variable
  std::optional<int> password_fd;
  std::string auth;                    // mechanism, spelled as in the context's list; "": the plugin chooses
  std::string authorization_identity;  // act as this user; "": as oneself
  std::string token_file;
  std::string token_env;
  bool may_send_plain_text = false;  // --allow-plaintext-auth
};

struct CredentialContext {
  std::string prefix = {};                   // "" or "smtp-"; with one there are no letters
  std::vector<std::string> mechanisms = {};  // what --auth accepts
  // Whether a password or token without --user is an error ("--password-file: needs --user").
  enum class LoneSecret { refused, allowed } lone_secret = LoneSecret::refused;
  // Whether --user '' says that nobody logs in; else it is an error.
  enum class Nobody { refused, allowed } nobody = Nobody::refused;
  std::string user_help = "log in as this user (without it nobody logs in)";
};

// The options that were given to bring a secret: "--smtp-password-file".
[[nodiscard]] std::vector<std::string> secret_sources(const CredentialOptions& options, const std::string& prefix);

// `options` must outlive the table; the context is copied.
void add_credential_options(OptionTable& table, CredentialOptions& options, const CredentialContext& context);

}  // namespace mailcheck::cli
