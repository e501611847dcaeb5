#include "plugins/check_mail_tls/options_together.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/option_values.h"
#include "plugins/shared/options_together.h"

namespace mailcheck::plugins::mail_tls {
namespace {

using cli::TlsMode;
using probe::Encryption;

bool is_socket(const Options& options) {
  return options.common.hostname.starts_with('/');
}

// nullptr: neither --protocol nor --port says which it is.
const Service* named_service(const Options& options) {
  if (!options.protocol.empty()) return &service_of(options.protocol);
  if (options.common.port) return service_of(*options.common.port);
  return options.exchanges_of.empty() ? nullptr : &service_of("smtp");
}

Encryption encryption_of(const Options& options, const Service& service) {
  if (options.tls.mode == TlsMode::starttls) return Encryption::starttls;
  if (options.tls.mode == TlsMode::implicit || service.encryption == Encryption::implicit) return Encryption::implicit;
  if (!options.common.port) return Encryption::starttls;
  const Service* usual = service_of(*options.common.port);
  const bool is_twin = usual != nullptr && usual->protocol == service.protocol;
  return is_twin ? usual->encryption : Encryption::starttls;
}

Rows target_rows(const Options& options) {
  const bool has_mx = !options.exchanges_of.empty();
  const bool has_host = !options.common.hostname.empty();
  const bool has_address = !options.common.address.empty();
  const std::string mx = "contradicts --mx";
  const Service* service = named_service(options);
  const bool is_smtp = service != nullptr && service->protocol == client::Protocol::smtp;
  const bool is_implicit = service != nullptr && service->encryption == Encryption::implicit;
  const bool is_nameless = cli::is_ip_address(options.common.hostname) || is_socket(options);
  return {
      {!has_host && !has_mx, "--hostname:", "expected HOST, got nothing; it is required, or --mx DOMAIN"},
      {has_host && has_mx, "--hostname:", mx},
      {has_address && has_mx, "--address:", mx},
      {!options.tls.sni.empty() && has_mx, "--sni:", mx},
      {!options.tls.verify_names.empty() && has_mx, "--verify-name:", mx},
      {options.protocol.empty() && is_socket(options), "--hostname:", "a Unix socket needs --protocol"},
      {service == nullptr && options.common.port.has_value(),
       fmt::format("--port: {}", options.common.port.value_or(0)),
       "is no usual port of a mail service; name the service by --protocol"},
      {service == nullptr, "--protocol:", "expected NAME or --port, got nothing"},
      {!options.hello_name.empty() && service != nullptr && !is_smtp && service->protocol != client::Protocol::lmtp,
       "--helo:", "needs --protocol smtp or lmtp"},
      {has_mx && !is_smtp, "--mx:", "needs --protocol smtp"},
      {is_implicit && options.tls.mode == TlsMode::starttls && !options.protocol.empty(),
       "--protocol: " + options.protocol, "contradicts --tls starttls"},
      {options.addresses == probe::Addresses::all && has_address, "--all-addresses:", "contradicts --address"},
      {options.addresses == probe::Addresses::all && is_nameless, "--all-addresses:", "needs a host name"},
      {options.dane != DaneNeed::off && is_nameless, "--dane:", "needs a host name"},
      {!options.mta_sts_domain.empty() && is_nameless, "--mta-sts:", "needs a host name"},
      {!options.mta_sts_domain.empty() && !is_smtp, "--mta-sts:", "needs --protocol smtp"},
      {!options.tls.sni.empty() && options.server_name == ServerName::none, "--no-sni:", "contradicts --sni"},
  };
}

Rows socket_rows(const Options& options) {
  if (!is_socket(options)) return {};
  const std::string socket = "contradicts --hostname with a Unix socket";
  return {
      {options.common.port.has_value(), "--port:", socket},
      {!options.common.address.empty(), "--address:", socket},
      {options.common.family != cli::Family::any, "--ipv4 or --ipv6:", socket},
      {!options.common.resolver.empty(), "--resolver:", socket},
      {options.tls.verify_names.empty(),
       "--hostname:", "a Unix socket needs --verify-name: the name that the certificate should have"},
  };
}

// DANE and the notes ask the resolver although the addresses may be given.
bool asks_records(const Options& options) {
  return options.dane != DaneNeed::off || !options.mta_sts_domain.empty() || !options.exchanges_of.empty();
}

Rows look_up_rows(const Options& options) {
  if (asks_records(options)) return {};
  return look_up_contradictions(options.common);
}

// A threshold on a step that never runs would never alarm.
Rows threshold_rows(const Options& options) {
  const Service& service = endpoint_of(options).service;
  const bool upgrades = service.encryption == Encryption::starttls;
  const bool is_smtp = service.protocol == client::Protocol::smtp || service.protocol == client::Protocol::lmtp;
  const bool is_pop3 = service.protocol == client::Protocol::pop3;
  const bool is_imap = service.protocol == client::Protocol::imap;
  const auto row = [&](std::string_view label, bool runs) {
    const std::string given = wanted_label(options.common, {label});
    return Contradiction{!given.empty() && !runs, given, "is no step of this protocol and mode"};
  };
  return {
      row("policy", !options.mta_sts_domain.empty()),
      row("ehlo", is_smtp && upgrades),
      row("capability", (is_imap || is_pop3) && upgrades),
      row("starttls", upgrades),
      row("quit", is_smtp || is_pop3),
      row("logout", !is_smtp && !is_pop3),
  };
}

}  // namespace

Endpoint endpoint_of(const Options& options) {
  const Service& named = *named_service(options);
  Endpoint endpoint{.service = named, .is_socket = is_socket(options)};
  endpoint.service.encryption = encryption_of(options, named);
  const Service* twin = implicit_twin(named);
  const bool has_turned = endpoint.service.encryption != named.encryption;
  if (has_turned && twin != nullptr) endpoint.service.port = twin->port;
  if (options.common.port) endpoint.service.port = *options.common.port;
  return endpoint;
}

void check_together(const Options& options) {
  refuse_contradictions(target_rows(options));
  for (const auto& rows : {socket_rows(options), look_up_rows(options), threshold_rows(options)}) {
    refuse_contradictions(rows);
  }
}

}  // namespace mailcheck::plugins::mail_tls
