#include "plugins/shared/options_together.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugins {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What --auth needs and is not there; empty: nothing.
std::string_view missing_proof(const cli::CredentialOptions& given, const cli::TlsOptions& tls) {
  const std::string_view name = given.auth;
  const bool has_token = !given.token_file.empty() || !given.token_env.empty();
  const bool has_password = !has_token && !cli::secret_sources(given, "").empty();
  if (name.empty() || name == "strongest") return {};
  if (name == "EXTERNAL") return tls.client_certificate.empty() ? "--client-cert" : "";
  if (is_one_of(name, {"XOAUTH2", "OAUTHBEARER"})) {
    return has_token ? "" : "--oauth2-token-file or --oauth2-token-env";
  }
  return has_password ? "" : "--password-file, --password-env or --password-fd";
}

}  // namespace

void refuse_contradictions(const Rows& rows) {
  for (const Contradiction& row : rows) {
    if (row.is_there) throw plugin::UsageError{row.given + " " + row.why};
  }
}

std::string wanted_label(const cli::CommonOptions& options, std::initializer_list<std::string_view> labels) {
  for (const std::string_view label : labels) {
    if (!options.thresholds.has(label)) continue;
    return fmt::format("{}: {}", cli::threshold_option(options, label), label);
  }
  return {};
}

bool looks_up(const cli::EndpointOptions& options) {
  return options.address.empty() && !cli::is_ip_address(options.hostname) && !options.hostname.starts_with('/');
}

Rows look_up_contradictions(const cli::CommonOptions& options) {
  const bool has_resolver = !options.resolver.empty();
  const std::string dns = wanted_label(options, {"dns"});
  return {
      {has_resolver && !options.address.empty(), "--resolver:", "contradicts --address"},
      {has_resolver && cli::is_ip_address(options.hostname), "--resolver:", "contradicts a numeric --hostname"},
      {!dns.empty() && !looks_up(options), dns, "needs a name to look up, neither --address nor a numeric --hostname"},
  };
}

std::string with_dashes(std::string_view name) {
  return "--" + std::string(name);
}

Rows log_in_contradictions(const cli::CredentialOptions& given, const cli::TlsOptions& tls, LogInCourse course) {
  const std::string& auth = given.auth;
  const std::string given_auth = course.spelled("auth") + ": " + auth;
  const std::string_view proof = missing_proof(given, tls);
  const std::vector<std::string> secrets = cli::secret_sources(given, "");
  const bool has_no_place_for_authzid = is_one_of(auth, {"LOGIN", "CRAM-MD5", "LOGIN-COMMAND"});
  const std::string secret = secrets.empty() ? "" : course.spelled(std::string_view(secrets.front()).substr(2));
  return {
      {given.may_send_plain_text && !course.never_has_tls, course.spelled("allow-plaintext-auth") + ":",
       "goes with --tls none only"},
      {auth.ends_with("-PLUS") && course.never_has_tls, given_auth, "contradicts --tls none"},
      {course.logs_in && !proof.empty(), given_auth, fmt::format("needs {}", proof)},
      {auth == "EXTERNAL" && !secrets.empty(), given_auth, "contradicts " + secret},
      {!given.authorization_identity.empty() && has_no_place_for_authzid, course.spelled("authzid") + ":",
       fmt::format("contradicts {} {}, which has no place for it", course.spelled("auth"), auth)},
  };
}

}  // namespace mailcheck::plugins
