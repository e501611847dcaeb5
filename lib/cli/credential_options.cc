#include "cli/credential_options.h"

#include <climits>
#include <string_view>

#include "cli/nearest.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using plugin::UsageError;

constexpr std::string_view kGroup = "Log in";

std::string read_variable_name(std::string_view value) {
  if (value.empty() || value.find('=') != std::string_view::npos) refuse("the name of an environment variable", value);
  return std::string(value);
}

void set_password(CredentialOptions& options, std::string_view value) {
  if (value.empty()) throw UsageError{"expected a password, got nothing"};
  options.password = base::Secret(value);
  options.has_password = true;
}

void add_passwords(OptionTable& table, CredentialOptions& options, const std::string& prefix) {
  table.add({.name = prefix + "password",
             .letter = prefix.empty() ? 'P' : '\0',
             .value_name = "PASSWORD",
             .help = "the password itself; other users may see it",
             .group = std::string(kGroup),
             .characters = Characters::any,  // as from a file; secret_source refuses line breaks and NUL
             .is_secret = true,
             .apply = [&options](std::string_view value) { set_password(options, value); }});
  table.add({.name = prefix + "password-file",
             .value_name = "FILE",
             .help = "read the password from this file",
             .group = std::string(kGroup),
             .completion = Completion::file,
             .apply = [&options](std::string_view value) { options.password_file = read_readable_file(value); }});
  table.add({.name = prefix + "password-env",
             .value_name = "NAME",
             .help = "read the password from this environment variable",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view value) { options.password_env = read_variable_name(value); }});
  table.add({.name = prefix + "password-fd",
             .value_name = "NUMBER",
             .help = "read the password from this open file descriptor",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view value) { options.password_fd = read_number(value, 0, INT_MAX); }});
}

void add_tokens(OptionTable& table, CredentialOptions& options, const std::string& prefix) {
  table.add({.name = prefix + "oauth2-token-file",
             .value_name = "FILE",
             .help = "read the OAuth 2 access token from this file",
             .group = std::string(kGroup),
             .completion = Completion::file,
             .apply = [&options](std::string_view value) { options.token_file = read_readable_file(value); }});
  table.add({.name = prefix + "oauth2-token-env",
             .value_name = "NAME",
             .help = "read the token from this environment variable",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view value) { options.token_env = read_variable_name(value); }});
}

void add_identity(OptionTable& table, CredentialOptions& options, const CredentialContext& context) {
  table.add({.name = context.prefix + "user",
             .letter = context.prefix.empty() ? 'U' : '\0',
             .value_name = "USER",
             .help = context.user_help,
             .group = std::string(kGroup),
             .apply = [&options, nobody = context.nobody](std::string_view value) {
               options.is_nobody = value.empty() && nobody == CredentialContext::Nobody::allowed;
               if (!options.is_nobody) options.user = read_utf8(value);
             }});
  table.add({.name = context.prefix + "authzid",
             .value_name = "ID",
             .help = "act as this identity once logged in",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view value) { options.authorization_identity = read_utf8(value); }});
}

void add_mechanism(OptionTable& table, CredentialOptions& options, const CredentialContext& context) {
  table.add({.name = context.prefix + "auth",
             .value_name = "MECHANISM",
             .help = "use this mechanism only: " + one_of({context.mechanisms.begin(), context.mechanisms.end()}),
             .group = std::string(kGroup),
             .completion = Completion::choice,
             .choices = context.mechanisms,
             .apply = [&options, mechanisms = context.mechanisms](std::string_view value) {
               options.auth = read_choice(value, mechanisms);
             }});
  table.add({.name = context.prefix + "allow-plaintext-auth",
             .help = "with --" + context.prefix + "tls none: send the password unencrypted",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view) { options.may_send_plain_text = true; }});
}

void check_sources(const CredentialOptions& options, const CredentialContext& context) {
  const std::vector<std::string> sources = secret_sources(options, context.prefix);
  if (sources.size() > 1) throw UsageError{sources[0] + ": contradicts " + sources[1]};
  const bool is_alone = !sources.empty() && options.user.empty();
  if (is_alone && context.lone_secret == CredentialContext::LoneSecret::refused) {
    throw UsageError{sources.front() + ": needs --" + context.prefix + "user"};  // nobody would log in, and all be well
  }
  if (!options.user.empty() || context.lone_secret == CredentialContext::LoneSecret::allowed) return;
  if (!options.auth.empty()) throw UsageError{"--" + context.prefix + "auth: needs --" + context.prefix + "user"};
  if (!options.authorization_identity.empty())
    throw UsageError{"--" + context.prefix + "authzid: needs --" + context.prefix + "user"};
}

}  // namespace

std::vector<std::string> secret_sources(const CredentialOptions& options, const std::string& prefix) {
  std::vector<std::string> sources;
  if (!options.token_file.empty()) sources.push_back("--" + prefix + "oauth2-token-file");
  if (!options.token_env.empty()) sources.push_back("--" + prefix + "oauth2-token-env");
  if (options.has_password) sources.push_back("--" + prefix + "password");
  if (!options.password_file.empty()) sources.push_back("--" + prefix + "password-file");
  if (!options.password_env.empty()) sources.push_back("--" + prefix + "password-env");
  if (options.password_fd) sources.push_back("--" + prefix + "password-fd");
  return sources;
}

void add_credential_options(OptionTable& table, CredentialOptions& options, const CredentialContext& context) {
  add_identity(table, options, context);
  add_passwords(table, options, context.prefix);
  add_tokens(table, options, context.prefix);
  add_mechanism(table, options, context);
  table.add_final_check([&options, context] { check_sources(options, context); });
}

}  // namespace mailcheck::cli
