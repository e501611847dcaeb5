// Options -> the probe's request.
#include "dns/server_resolver.h"
#include "plugin/usage_error.h"
#include "plugins/check_mail_tls/options.h"
#include "plugins/check_mail_tls/options_together.h"
#include "plugins/shared/hello_name.h"
#include "plugins/shared/requests.h"
#include "plugins/shared/run.h"

namespace mailcheck::plugins::mail_tls {
namespace {

using client::Protocol;
using ServerNameRule = probe::TlsSurveyRequest::ServerName;

// RFC 7672 is for the transport of mail; for everything else PKIX-TA and PKIX-EE mean what RFC 6698 says.
tls::DaneRules dane_rules(Protocol protocol) {
  const bool is_transport = protocol == Protocol::smtp || protocol == Protocol::lmtp;
  return is_transport ? tls::DaneRules::mail_transfer : tls::DaneRules::generic;
}

client::Target target_of(const Options& options, const Endpoint& endpoint) {
  if (endpoint.is_socket) return {.host = {}, .unix_socket = options.common.hostname};
  return target(options.common, endpoint.service.port, "");
}

tls::ClientOptions tls_of(const Options& options, const Endpoint& endpoint, SecretReading& reading) {
  const std::string host = endpoint.is_socket ? std::string() : options.common.hostname;
  tls::ClientOptions tls = tls_options(options.tls, host, "", reading);
  tls.verify_names = options.tls.verify_names;  // empty: each target's own name
  if (options.server_name == ServerName::none) tls.server_name.clear();
  tls.survey = tls::SurveyOptions{.dane_rules = dane_rules(endpoint.service.protocol)};
  load_tls_files(tls, "");
  return tls;
}

}  // namespace

dns::ServerRecords record_source(const Options& options) {
  if (options.common.resolver.empty()) return {};
  const auto resolver = dns::ServerResolver::parse(options.common.resolver);
  if (!resolver) throw plugin::UsageError{"--resolver: " + resolver.error().detail};
  return dns::ServerRecords({.address = resolver->server(), .port = resolver->port()});
}

probe::TlsSurveyRequest make_request(const Options& options, SecretReading& reading) {
  const Endpoint endpoint = endpoint_of(options);
  const bool is_host_meant = options.server_name == ServerName::of_host && options.tls.sni.empty();
  probe::TlsSurveyRequest request{
      .protocol = endpoint.service.protocol,
      .encryption = endpoint.service.encryption,
      .target = target_of(options, endpoint),
      .exchanges_of = options.exchanges_of,
      .addresses = options.addresses,
      .tls = tls_of(options, endpoint, reading),
      .server_name = is_host_meant && !endpoint.is_socket ? ServerNameRule::of_host : ServerNameRule::as_given,
      .key_types = options.key_types.empty() ? std::vector{tls::KeyType::any} : options.key_types,
      .old_versions = options.old_versions,
      .dane = options.dane == DaneNeed::off ? probe::DaneQuestion::left_out : probe::DaneQuestion::asked,
      .mta_sts_domain = options.mta_sts_domain,
      .hello_name = options.hello_name.empty() ? own_hello_name() : options.hello_name,
      .timeout = reading.deadline.remaining(),
      .recording = wants_dialogue(options.common) ? net::Recording::on : net::Recording::off};
  return request;
}

}  // namespace mailcheck::plugins::mail_tls
