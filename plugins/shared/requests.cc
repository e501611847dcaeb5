#include "plugins/shared/requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plugin/usage_error.h"
#include "tls/context.h"
#include "tls/idn.h"

namespace mailcheck::plugins {
namespace {

dns::Family family(cli::Family family) {
  switch (family) {
    case cli::Family::ipv4: return dns::Family::ipv4;
    case cli::Family::ipv6: return dns::Family::ipv6;
    case cli::Family::any: break;
  }
  return dns::Family::any;
}

// A mistake in the options, which would else be found out in the middle of the check.
void check_name(const std::string& name, const std::string& option) {
  constexpr std::size_t kLongest = 253;
  if (name.empty()) return;
  const auto ascii = tls::to_ascii(name);
  if (!ascii) throw plugin::UsageError{fmt::format("{}: {}", option, ascii.error().detail)};
  if (ascii->size() > kLongest || ascii->find("..") != std::string::npos) {  // other alphabets have dots of their own
    throw plugin::UsageError{fmt::format("{}: host name \"{}\" is too long or has an empty label", option, name)};
  }
}

}  // namespace

probe::Encryption encryption(const cli::TlsOptions& options, std::uint16_t port,
                             std::initializer_list<std::uint16_t> implicit_ports) {
  switch (options.mode) {
    case cli::TlsMode::implicit: return probe::Encryption::implicit;
    case cli::TlsMode::starttls: return probe::Encryption::starttls;
    case cli::TlsMode::none: return probe::Encryption::none;
    case cli::TlsMode::by_port: break;
  }
  const bool is_implicit = std::find(implicit_ports.begin(), implicit_ports.end(), port) != implicit_ports.end();
  return is_implicit ? probe::Encryption::implicit : probe::Encryption::starttls;
}

tls::Version tls_version(std::optional<cli::TlsVersion> version) {
  switch (version.value_or(cli::TlsVersion::tls1_2)) {
    case cli::TlsVersion::tls1_0: return tls::Version::tls1_0;
    case cli::TlsVersion::tls1_1: return tls::Version::tls1_1;
    case cli::TlsVersion::tls1_2: return tls::Version::tls1_2;
    case cli::TlsVersion::tls1_3: return tls::Version::tls1_3;
  }
  return tls::Version::tls1_2;
}

client::Target target(const cli::EndpointOptions& options, std::uint16_t default_port, const std::string& prefix) {
  check_name(options.hostname, "--" + prefix + "hostname");
  client::Target target{
      .host = options.hostname, .port = options.port.value_or(default_port), .family = family(options.family)};
  if (const auto given = dns::Address::parse(options.address)) target.addresses = {*given};
  return target;
}

tls::ClientOptions tls_options(const cli::TlsOptions& options, const std::string& host, const std::string& prefix,
                               SecretReading& reading) {
  check_name(options.sni, "--" + prefix + "sni");
  for (const std::string& name : options.verify_names) check_name(name, "--" + prefix + "verify-name");
  tls::ClientOptions result{
      .server_name = options.sni.empty() ? host : options.sni,
      .verify_names = options.verify_names.empty() ? std::vector{host} : options.verify_names,
      .verification = options.is_insecure ? tls::Verification::reported : tls::Verification::required,
      .minimum_version = tls_version(options.minimum_version),
      .ca_file = options.ca_file,
      .ca_path = options.ca_path,
      .client_certificate_file = options.client_certificate,
      .client_key_file = options.client_key,
      .client_key_password = {}};
  if (!options.client_key_password_file.empty()) {
    result.client_key_password =
        read_secret_file(options.client_key_password_file, "--" + prefix + "client-key-password-file", reading);
  }
  return result;
}

void load_tls_files(tls::ClientOptions& options, const std::string& prefix) {
  auto context = tls::make_context(options);
  if (context) {
    options.context = std::move(*context);
    return;
  }
  const base::Error& error = context.error();
  if (error.input.empty()) throw plugin::UsageError{error.detail};
  throw plugin::UsageError{fmt::format("--{}{}: {}", prefix, error.input, error.detail)};
}

std::optional<sasl::Credentials> credentials(cli::CredentialOptions& options, const cli::TlsOptions& tls,
                                             const client::Target& target, SecretReading& reading) {
  if (options.user.empty()) return std::nullopt;
  sasl::Credentials result{.user = options.user,
                           .authorization = options.authorization_identity,
                           .password = read_password(options, "", reading),
                           .token = read_token(options, "", reading),
                           .has_client_certificate = !tls.client_certificate.empty(),
                           .host = target.host,
                           .port = target.port};
  if (!result.password && !result.token && !result.has_client_certificate) {
    throw plugin::UsageError{
        "--user: needs --password-file, --password-env, --password-fd, --oauth2-token-file, --oauth2-token-env or "
        "--client-cert"};
  }
  return result;
}

}  // namespace mailcheck::plugins
