// Options -> the probe's request.
#include <algorithm>
#include <array>
#include <utility>

#include "crypto/digest.h"
#include "crypto/random.h"
#include "plugins/check_smtp_submit/options.h"
#include "plugins/check_smtp_submit/options_together.h"
#include "plugins/shared/hello_name.h"
#include "plugins/shared/message_options.h"
#include "plugins/shared/requests.h"
#include "plugins/shared/run.h"

namespace mailcheck::plugins::smtp_submit {
namespace {

using probe::SmtpStop;

constexpr std::string_view kSubject = "check_smtp_submit probe";
constexpr std::string_view kBody =
    "This message was sent by check_smtp_submit to see whether mail can be\n"
    "submitted. Nobody needs to read it; it can be deleted.\n";

// 128 random bits: two messages of two machines in one second are two messages.
std::string make_message_id(const MessageOptions& message) {
  const std::string id = "check_smtp_submit." + crypto::hex(crypto::SystemRandom().bytes(16));
  const mail::Address& owner = message.from ? *message.from : message.to.front();
  return id + "@" + (owner.domain().empty() ? "localhost" : std::string(owner.domain()));
}

probe::SmtpMessage message_of(const Options& options, const SecretReading& reading) {
  const std::string& body_file = options.message.body_file;
  return {.subject = options.message.subject.empty() ? std::string(kSubject) : options.message.subject,
          .headers = options.message.headers,
          .body = body_file.empty() ? std::string(kBody) : read_body(body_file, reading),
          .message_id = make_message_id(options.message)};
}

client::Target target_of(const Options& options, probe::Encryption encryption) {
  if (options.common.hostname.starts_with('/')) return {.host = {}, .unix_socket = options.common.hostname};
  const std::uint16_t usual = encryption == probe::Encryption::implicit ? 465 : options.is_lmtp ? 24 : 587;
  return target(options.common, usual, "");
}

}  // namespace

probe::SmtpSubmitRequest make_request(Options& options, SecretReading& reading) {
  probe::SmtpSubmitRequest request;
  request.encryption = encryption_of(options);
  request.target = target_of(options, request.encryption);
  request.proxy = options.proxy;
  request.stop_after = options.stop_after.value_or(SmtpStop::end);
  if (probe::has_tls(request)) {
    request.tls = tls_options(options.tls, options.common.hostname, "", reading);
    load_tls_files(request.tls, "");
  }
  request.hello = options.is_lmtp ? smtp::Hello::lhlo : smtp::Hello::ehlo;
  request.hello_name = options.hello_name.empty() ? own_hello_name() : options.hello_name;
  if (request.stop_after >= SmtpStop::auth) {
    request.credentials = credentials(options.credentials, options.tls, request.target, reading);
  }
  request.mechanism = options.credentials.auth;
  request.plain_text_auth =
      options.credentials.may_send_plain_text ? client::PlainTextAuth::allowed : client::PlainTextAuth::refused;
  if (options.message.has_from) request.envelope = {.from = options.message.from, .to = options.message.to};
  if (options.message.sends) request.message = message_of(options, reading);
  request.pipelining = options.pipelining;
  const auto& replies = options.expectations.replies;
  const bool judges_each = std::any_of(replies.begin(), replies.end(),
                                       [](const ExpectedReply& reply) { return reply.stage == base::Stage::rcpt; });
  if (judges_each || options.expectations.is_relay_test) request.recipients = probe::Recipients::all;
  request.timeout = reading.deadline.remaining();
  request.recording = wants_dialogue(options.common) ? net::Recording::on : net::Recording::off;
  return request;
}

}  // namespace mailcheck::plugins::smtp_submit
