#include "plugins/check_mail_roundtrip/sides.h"

#include <algorithm>
#include <initializer_list>

#include "plugins/shared/requests.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

// The port with TLS from the first byte, and the one without.
struct UsualPorts {
  std::uint16_t implicit;
  std::uint16_t plain;
  std::uint16_t by_default;
};
constexpr UsualPorts kSmtp{.implicit = 465, .plain = 587, .by_default = 587};
constexpr UsualPorts kImap{.implicit = 993, .plain = 143, .by_default = 993};

cli::EndpointOptions endpoint_of(const cli::EndpointOptions& both, const cli::EndpointOptions& own) {
  cli::EndpointOptions result = own;
  if (own.hostname.empty()) result.hostname = both.hostname;
  if (own.address.empty()) result.address = both.address;
  if (own.family == cli::Family::any) result.family = both.family;
  return result;
}

cli::TlsOptions tls_of(const cli::TlsOptions& both, const cli::TlsOptions& own) {
  cli::TlsOptions result = own;
  const bool is_refused = own.is_required && both.mode == cli::TlsMode::none;
  if (own.mode == cli::TlsMode::by_port && !is_refused) result.mode = both.mode;
  if (!own.minimum_version) result.minimum_version = both.minimum_version;
  if (own.ca_file.empty() && own.ca_path.empty()) {
    result.ca_file = both.ca_file;
    result.ca_path = both.ca_path;
  }
  if (own.sni.empty()) result.sni = both.sni;
  if (own.verify_names.empty()) result.verify_names = both.verify_names;
  result.is_insecure = own.is_insecure || both.is_insecure;
  if (own.client_certificate.empty()) {
    result.client_certificate = both.client_certificate;
    result.client_key = both.client_key;
    result.client_key_password_file = both.client_key_password_file;
  }
  return result;
}

cli::CredentialOptions credentials_of(const cli::CredentialOptions& both, const Side& side) {
  const cli::CredentialOptions& own = side.credentials;
  cli::CredentialOptions result;
  result.user = own.user.empty() && !own.is_nobody ? both.user : own.user;
  if (result.user.empty()) return result;
  const cli::CredentialOptions& source = has_own_secret(side) ? own : both;
  result.has_password = source.has_password;
  result.password_file = source.password_file;
  result.password_env = source.password_env;
  result.password_fd = source.password_fd;
  result.token_file = source.token_file;
  result.token_env = source.token_env;
  result.auth = own.auth.empty() ? both.auth : own.auth;
  result.authorization_identity =
      own.authorization_identity.empty() ? both.authorization_identity : own.authorization_identity;
  result.may_send_plain_text = own.may_send_plain_text;
  return result;
}

Leg leg_of(const Options& options, const Side& side, const UsualPorts& ports) {
  Leg leg{.endpoint = endpoint_of(options.common, side.endpoint),
          .tls = tls_of(options.tls, side.tls),
          .credentials = credentials_of(options.credentials, side)};
  leg.encryption = encryption(leg.tls, side.endpoint.port.value_or(ports.by_default), {ports.implicit});
  leg.port = side.endpoint.port.value_or(leg.encryption == probe::Encryption::implicit ? ports.implicit : ports.plain);
  if (leg.has_tls()) return leg;
  leg.tls = {};
  leg.tls.mode = cli::TlsMode::none;
  leg.credentials.may_send_plain_text |= leg.logs_in() && options.credentials.may_send_plain_text;
  return leg;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_given(const Side& side, std::string_view name) {
  const cli::EndpointOptions& endpoint = side.endpoint;
  const cli::TlsOptions& tls = side.tls;
  const cli::CredentialOptions& credentials = side.credentials;
  if (name == "hostname") return !endpoint.hostname.empty();
  if (name == "address") return !endpoint.address.empty();
  if (is_one_of(name, {"ipv4", "ipv6"})) return endpoint.family != cli::Family::any;
  if (name == "tls") return tls.mode != cli::TlsMode::by_port;
  if (is_one_of(name, {"ca-file", "ca-path"})) return !tls.ca_file.empty() || !tls.ca_path.empty();
  if (name == "sni") return !tls.sni.empty();
  if (name == "verify-name") return !tls.verify_names.empty();
  if (name.starts_with("client-")) return !tls.client_certificate.empty();
  if (name == "user") return !credentials.user.empty() || credentials.is_nobody;
  if (name == "authzid") return !credentials.authorization_identity.empty();
  if (name == "auth") return !credentials.auth.empty();
  if (name == "allow-plaintext-auth") return credentials.may_send_plain_text;
  return is_one_of(name.substr(0, name.find('-')), {"password", "oauth2"}) && has_own_secret(side);
}

}  // namespace

Leg smtp_leg(const Options& options) {
  return leg_of(options, options.smtp, kSmtp);
}

Leg imap_leg(const Options& options) {
  return leg_of(options, options.imap, kImap);
}

Leg bounce_leg(const Options& options) {
  Leg leg = leg_of(options, options.bounce, kImap);
  if (options.bounce.credentials.user.empty()) leg.credentials = {};
  return leg;
}

std::string first_own_option(const Side& side) {
  if (side.endpoint.port) return "--" + side.prefix + "port";
  if (side.tls.is_insecure) return "--" + side.prefix + "insecure";
  for (const std::string_view name : {"hostname", "address", "ipv4", "tls", "ca-file", "sni", "verify-name",
                                      "client-cert", "authzid", "auth", "allow-plaintext-auth"}) {
    if (is_given(side, name)) return spelled(side, name);
  }
  const auto secrets = cli::secret_sources(side.credentials, side.prefix);
  return secrets.empty() ? "" : secrets.front();
}

std::string spelled(const Side& side, std::string_view name) {
  return "--" + (is_given(side, name) ? side.prefix : "") + std::string(name);
}

bool has_own_secret(const Side& side) {
  return !cli::secret_sources(side.credentials, side.prefix).empty();
}

}  // namespace mailcheck::plugins::mail_roundtrip
