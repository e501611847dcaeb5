#include "plugins/check_mail_tls/options.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/base64.h"
#include "cli/option_values.h"
#include "cli/parse.h"
#include "plugin/usage_error.h"
#include "plugins/check_mail_tls/options_together.h"
#include "plugins/shared/hello_name.h"
#include "plugins/shared/requests.h"

namespace mailcheck::plugins::mail_tls {
namespace {

constexpr std::size_t kDigestSize = 32;  // SHA-256

constexpr cli::NamedValues<tls::KeyType, 3> kKeyTypes = {
    {{"rsa", tls::KeyType::rsa}, {"ecdsa", tls::KeyType::ecdsa}, {"ed25519", tls::KeyType::ed25519}}};

std::vector<std::string_view> labels() {
  return {"dns", "policy", "connect", "greeting", "ehlo",      "capability", "starttls",
          "tls", "quit",   "logout",  "total",    "cert_days", "chain_days", "lifetime_left"};
}

// 64 hexadecimal digits, with or without colons, as openssl x509 -fingerprint prints them; in lower case, without.
std::string read_hex_digest(std::string_view value) {
  std::string digits;
  for (const char c : value) {
    if (c != ':') digits += base::to_lower(c);
  }
  const bool is_hex = digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hex || digits.size() != 2 * kDigestSize) return {};
  return digits;
}

std::string bytes_of(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

std::string read_fingerprint(std::string_view value) {
  std::string digits = read_hex_digest(value);
  if (digits.empty()) cli::refuse("a SHA-256 fingerprint, 64 hexadecimal digits with or without colons", value);
  return digits;
}

// In base64, as curl (sha256//...) and RFC 7469 write a pin, or in hex.
std::string read_pin(std::string_view value) {
  constexpr std::string_view kCurlPrefix = "sha256//";
  const std::string_view text = value.starts_with(kCurlPrefix) ? value.substr(kCurlPrefix.size()) : value;
  if (const std::string digits = read_hex_digest(text); !digits.empty()) return base::base64_encode(bytes_of(digits));
  const auto bytes = base::base64_decode(text);
  if (!bytes || bytes->size() != kDigestSize) {
    cli::refuse("the SHA-256 of a public key (SubjectPublicKeyInfo) in base64 or hex", value);
  }
  return base::base64_encode(*bytes);
}

std::string read_domain(std::string_view value) {
  std::string domain = cli::read_host(value);
  if (cli::is_ip_address(domain)) cli::refuse("a domain", value);
  return domain;
}

void declare_service(cli::OptionTable& table, Options& options) {
  const std::string group = "Service";
  table.add({.name = "protocol",
             .value_name = "NAME",
             .help = "smtp, submission(s), lmtp, imap(s), pop3(s), smtps or sieve",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = service_names(),
             .apply = [&](std::string_view value) { options.protocol = cli::read_choice(value, service_names()); }});
  table.add({.name = "helo",
             .value_name = "NAME",
             .help = "name to greet with (default: this machine's)",
             .group = group,
             .apply = [&](std::string_view value) { options.hello_name = read_hello_name(value); }});
  table.add({.name = "mx",
             .value_name = "DOMAIN",
             .help = "look at every mail exchanger of DOMAIN, instead of HOST",
             .group = group,
             .apply = [&](std::string_view value) { options.exchanges_of = read_domain(value); }});
  table.add({.name = "all-addresses",
             .help = "look at every address of the host; the worst decides",
             .group = group,
             .apply = [&](std::string_view) { options.addresses = probe::Addresses::all; }});
}

void declare_handshake(cli::OptionTable& table, Options& options) {
  const std::string group = "Encryption";
  table.add({.name = "no-sni",
             .help = "do not tell the server which name is meant",
             .group = group,
             .apply = [&](std::string_view) { options.server_name = ServerName::none; }});
  table.add({.name = "old-protocols",
             .help = "also try whether TLS 1.0 and 1.1 are accepted",
             .group = group,
             .apply = [&](std::string_view) { options.old_versions = probe::OldVersionQuestion::asked; }});
}

void declare_key_types(cli::OptionTable& table, Options& options) {
  const std::string group = "Certificate";
  const auto types = std::make_shared<std::pair<std::optional<tls::KeyType>, bool>>();
  table.add({.name = "key-type",
             .value_name = "TYPE",
             .help = "ask for the certificate with this key: rsa, ecdsa, ed25519",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = cli::names_of(kKeyTypes),
             .apply = [types](std::string_view value) { types->first = cli::read_named(value, kKeyTypes); }});
  table.add({.name = "both-key-types",
             .help = "look at the RSA and at the ECDSA certificate",
             .group = group,
             .apply = [types](std::string_view) { types->second = true; }});
  table.add_final_check([types, &options] {
    if (types->first && types->second) throw plugin::UsageError{"--key-type: contradicts --both-key-types"};
    if (types->first) options.key_types = {*types->first};
    if (types->second) options.key_types = {tls::KeyType::rsa, tls::KeyType::ecdsa};
  });
}

void declare_certificate(cli::OptionTable& table, Options& options) {
  const std::string group = "Certificate";
  CertificateExpectations& expected = options.expected;
  table.add({.name = "allow-self-signed",
             .help = "accept a self-signed one; name and dates still count",
             .group = group,
             .apply = [&](std::string_view) { options.may_be_self_signed = true; }});
  table.add({.name = "pin-sha256",
             .value_name = "DIGEST",
             .help = "the key's SHA-256, base64 or hex; any of several",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { expected.pins.push_back(read_pin(value)); }});
  table.add({.name = "fingerprint",
             .value_name = "DIGEST",
             .help = "the certificate's SHA-256 in hex; any of several",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { expected.fingerprints.push_back(read_fingerprint(value)); }});
  table.add({.name = "issuer",
             .value_name = "TEXT",
             .help = "must occur in the name of the certificate's issuer",
             .group = group,
             .apply = [&](std::string_view value) { expected.issuer = cli::read_utf8(cli::read_text(value)); }});
  declare_key_types(table, options);
  table.add({.name = "require-staple",
             .help = "a good OCSP staple must come with it",
             .group = group,
             .apply = [&](std::string_view) { expected.needs_staple = true; }});
}

void declare_dns(cli::OptionTable& table, Options& options) {
  const std::string group = "DNS and policy";
  table.add({.name = "dane",
             .value_name = "if-present",
             .help = "match TLSA records; if-present: none is fine, too",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = {"if-present"},
             .value_rule = cli::ValueRule::optional,
             .apply = [&](std::string_view value) {
               if (!value.empty()) (void)cli::read_choice(value, {"if-present"});
               options.dane = value.empty() ? DaneNeed::required : DaneNeed::if_present;
             }});
  table.add({.name = "mta-sts",
             .value_name = "DOMAIN",
             .help = "judge DOMAIN's MTA-STS policy, and the host by it",
             .group = group,
             .apply = [&](std::string_view value) { options.mta_sts_domain = read_domain(value); }});
}

}  // namespace

void declare(cli::OptionTable& table, Options& options) {
  add_common_options(
      table, options.common,
      {.program = {.name = "check_mail_tls",
                   .usage = "-H HOST | --mx DOMAIN --protocol NAME [options]",
                   .sentence = "Judges the encryption of a mail port: upgrade, certificate, chain, session, DANE and "
                               "MTA-STS, in one quick probe without a log in."},
       .labels = labels(),
       .default_label = "",
       .findings = finding_names(Scope::tls),
       .endpoint = {.unix_socket = cli::UnixSocket::allowed,
                    .hostname = cli::EndpointContext::Hostname::optional,
                    .default_port = "that of --protocol; or names the protocol"}});
  declare_service(table, options);
  cli::add_tls_survey_options(table, options.tls);
  declare_handshake(table, options);
  declare_certificate(table, options);
  declare_dns(table, options);
  table.add_final_check([&options] { check_together(options); });
}

Options parse(std::span<char*> arguments) {
  Options options;
  cli::OptionTable table;
  declare(table, options);
  cli::parse(table, arguments);
  return options;
}

Limits make_limits(const Options& options, const SecretReading& reading) {
  auto results = options.common.results;
  if (options.may_be_self_signed) results.emplace("self-signed", plugin::Status::ok);
  return {.thresholds = options.common.thresholds,
          .findings = Findings(std::move(results)),
          .service = std::string(endpoint_of(options).service.name),
          .minimum_version = tls_version(options.tls.minimum_version),
          .expected = options.expected,
          .dane = options.dane,
          .readable_secret_files = reading.readable_files};
}

}  // namespace mailcheck::plugins::mail_tls
