#include "client/log_in.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace mailcheck::client {
namespace {

sasl::ChannelSecurity security_of(const Connection& connection) {
  const auto facts = connection.tls_facts();
  if (!facts) return sasl::ChannelSecurity::none;
  return facts->faults.empty() ? sasl::ChannelSecurity::verified_tls : sasl::ChannelSecurity::unverified_tls;
}

}  // namespace

base::Result<void> may_send_credentials(const Connection& connection, const LogIn& log_in) {
  if (connection.is_secure() || log_in.plain_text == PlainTextAuth::allowed) return {};
  return base::fail({base::Stage::auth, base::ErrorKind::plaintext_auth_refused,
                     "credentials are not sent without TLS (--allow-plaintext-auth would)"});
}

sasl::ChoiceRequest choice_request(const Connection& connection, std::vector<std::string> offered,
                                   const LogIn& log_in) {
  return {.offered = std::move(offered),
          .forced = log_in.mechanism,
          .security = security_of(connection),
          .may_use_channel_binding = connection.channel_binding().has_value()};
}

base::Result<std::unique_ptr<sasl::Mechanism>> make_mechanism(const Connection& connection, const std::string& name,
                                                              const std::vector<std::string>& offered, LogIn& log_in) {
  sasl::MakeRequest request{.name = name, .mask = log_in.mask};
  if (const auto binding = connection.channel_binding()) request.binding = {binding->type, binding->data};
  const std::string plus = name.ends_with("-PLUS") ? name : name + "-PLUS";
  request.server_offers_plus = std::any_of(offered.begin(), offered.end(), [&](const auto& mechanism) {
    return base::equals_ignoring_case(mechanism, plus);
  });
  auto made = sasl::make(request, log_in.credentials);
  log_in.credentials = {};
  return made;
}

void name_proof(base::Error& error, std::string_view mechanism) {
  if (error.kind != base::ErrorKind::auth_failed || !error.is_answered) return;
  if (mechanism == "EXTERNAL") error.detail = "client certificate refused";
  if (mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER") error.detail = "token refused";
}

bool looks_like_tls(std::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] >= 0x14 && bytes[0] <= 0x17 && bytes[1] == 0x03;
}

}  // namespace mailcheck::client
