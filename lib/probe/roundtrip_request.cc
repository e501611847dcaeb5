#include "probe/roundtrip_request.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/digest.h"
#include "probe/session_probe.h"

namespace mailcheck::probe {
namespace {

using base::Stage;

constexpr std::size_t kCheckDigits = 16;

std::string check_of(const std::string& identity) {
  return crypto::hex(crypto::digest_of(crypto::Digest::sha256, identity).value_or(std::string(32, '\0')))
      .substr(0, kCheckDigits);
}

std::string domain_of(const mail::Address& address) {
  return address.domain().empty() ? "localhost" : std::string(address.domain());
}

std::function<void(Stage)> teller(std::string_view side, const std::function<void(const std::string&)>& progress) {
  if (!progress) return {};
  return [side, progress](Stage stage) { progress(fmt::format("{} {} ...", side, base::to_string(stage))); };
}

void share_secrets(RoundtripRequest& request) {
  base::Mask all = mask_of(request.submission.credentials, request.submission.tls);
  all = mask_of(request.watch.login.credentials, request.watch.login.tls, std::move(all));
  if (request.bounces) all = mask_of(request.bounces->login.credentials, request.bounces->login.tls, std::move(all));
  request.submission.mask = request.watch.login.mask = all;
  if (request.bounces) request.bounces->login.mask = std::move(all);
}

}  // namespace

RoundtripRequest prepared(RoundtripRequest request) {
  request.watch.check = check_of(request.identity);
  request.watch.domain = domain_of(*request.submission.envelope->from);
  request.watch.login.timeout = request.timeout;
  request.watch.on_step = teller("imap", request.progress);
  request.submission.on_step = teller("smtp", request.progress);
  share_secrets(request);
  if (!request.bounces) return request;
  request.bounces->check = request.watch.check;
  request.bounces->domain = request.watch.domain;
  request.bounces->login.timeout = request.timeout;
  request.bounces->patience = request.timeout / 10;
  return request;
}

}  // namespace mailcheck::probe
