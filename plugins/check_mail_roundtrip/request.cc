// Options -> the probe's request.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "dns/server_resolver.h"
#include "imap/mailbox_name.h"
#include "plugin/usage_error.h"
#include "plugins/check_mail_roundtrip/options.h"
#include "plugins/check_mail_roundtrip/options_together.h"
#include "plugins/check_mail_roundtrip/sides.h"
#include "plugins/shared/hello_name.h"
#include "plugins/shared/message_options.h"
#include "plugins/shared/requests.h"
#include "tls/context.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kLostAfter = 3600s;
constexpr base::Duration kGreylistTolerance = 1800s;
constexpr int kLostRuns = 5;
constexpr std::string_view kSubject = "check_mail_roundtrip probe";
constexpr std::string_view kBody =
    "This message was sent by check_mail_roundtrip to see whether mail arrives.\n"
    "It is deleted once it was seen. Nobody needs to read it.\n";

std::string wire_name(const std::string& name) {
  return imap::encode_mailbox_name(name).value_or(name);
}

// Each source is read once, however many sides name it: a descriptor or a pipe gives its bytes once, an environment
// variable is overwritten.
class Secrets {
 public:
  Secrets(Options& options, SecretReading& reading) : options_(options), reading_(reading) {}

  [[nodiscard]] std::optional<sasl::Credentials> of(Side& side, const Leg& leg) {
    if (!leg.logs_in()) return std::nullopt;
    const bool is_own = has_own_secret(side);
    const Source source{.options = is_own ? side.credentials : options_.credentials,
                        .prefix = is_own ? side.prefix : ""};
    return sasl::Credentials{.user = leg.credentials.user,
                             .authorization = leg.credentials.authorization_identity,
                             .password = password_of(source),
                             .token = token_of(source),
                             .has_client_certificate = !leg.tls.client_certificate.empty(),
                             .host = leg.endpoint.hostname,
                             .port = leg.port};
  }

 private:
  struct Source {
    cli::CredentialOptions& options;
    std::string prefix;
  };

  std::optional<base::Secret> password_of(const Source& source) {
    const auto& given = source.options;
    const std::string descriptor = given.password_fd ? std::to_string(*given.password_fd) : "";
    const std::string owner = given.has_password ? source.prefix : "";
    const std::string key = fmt::format("password {} {} {} {} {}", given.has_password, owner, given.password_file,
                                        given.password_env, descriptor);
    return once(key, [&] { return read_password(source.options, source.prefix, reading_); });
  }

  std::optional<base::Secret> token_of(const Source& source) {
    const std::string key = fmt::format("token {} {}", source.options.token_file, source.options.token_env);
    return once(key, [&] { return read_token(source.options, source.prefix, reading_); });
  }

  template <typename Read>
  std::optional<base::Secret> once(const std::string& key, const Read& read) {
    auto known = read_.find(key);
    if (known == read_.end()) known = read_.emplace(key, read()).first;
    return known->second ? std::optional(known->second->clone()) : std::nullopt;
  }

  Options& options_;
  SecretReading& reading_;
  std::map<std::string, std::optional<base::Secret>> read_;
};

// Reads trust, certificate and key, the one time that they are read.
void load_files(tls::ClientOptions& tls, const Side& side) {
  auto context = tls::make_context(tls);
  if (!context) {
    const base::Error& error = context.error();
    const std::string option = error.input.empty() ? "" : spelled(side, error.input) + ": ";
    throw plugin::UsageError{option + error.detail};
  }
  tls.context = std::move(*context);
}

// Everything that a context is made of.
bool have_same_files(const cli::TlsOptions& left, const cli::TlsOptions& right) {
  return left.minimum_version == right.minimum_version && left.ca_file == right.ca_file &&
         left.ca_path == right.ca_path && left.is_insecure == right.is_insecure &&
         left.client_certificate == right.client_certificate && left.client_key == right.client_key &&
         left.client_key_password_file == right.client_key_password_file;
}

tls::ClientOptions tls_of(const Side& side, const Leg& leg, SecretReading& reading) {
  if (!leg.has_tls()) return {};
  const bool has_own_names = !side.tls.sni.empty() || !side.tls.verify_names.empty();
  const bool is_own = has_own_names || !side.tls.client_certificate.empty();
  tls::ClientOptions tls = tls_options(leg.tls, leg.endpoint.hostname, is_own ? side.prefix : "", reading);
  load_files(tls, side);
  return tls;
}

// Both sides mostly trust the same: reading it once is faster, and a pipe can be read once only.
tls::ClientOptions tls_beside(const tls::ClientOptions& other, const Leg& other_leg, const Side& side, const Leg& leg,
                              SecretReading& reading) {
  if (!leg.has_tls() || !other_leg.has_tls() || !have_same_files(leg.tls, other_leg.tls)) {
    return tls_of(side, leg, reading);
  }
  cli::TlsOptions names = leg.tls;
  names.client_key_password_file.clear();
  tls::ClientOptions tls = tls_options(names, leg.endpoint.hostname, side.prefix, reading);
  tls.client_key_password = other.client_key_password.clone();
  tls.context = other.context;
  return tls;
}

client::Target target_of(const Side& side, const Leg& leg) {
  return target(leg.endpoint, leg.port, side.endpoint.hostname.empty() ? "" : side.prefix);
}

client::PlainTextAuth plain_text_auth(const Leg& leg) {
  return leg.credentials.may_send_plain_text ? client::PlainTextAuth::allowed : client::PlainTextAuth::refused;
}

probe::SmtpMessage message_of(const MessageOptions& message, const SecretReading& reading) {
  return {.subject = message.subject.empty() ? std::string(kSubject) : message.subject,
          .headers = message.headers,
          .body = message.body_file.empty() ? std::string(kBody) : read_body(message.body_file, reading),
          .message_id = {}};
}

probe::SmtpSubmitRequest submission_of(const Options& options, const Leg& leg, const SecretReading& reading) {
  probe::SmtpSubmitRequest request;
  request.target = target_of(options.smtp, leg);
  request.proxy = options.proxy;
  request.encryption = leg.encryption;
  request.hello_name = options.hello_name.empty() ? own_hello_name() : options.hello_name;
  request.mechanism = leg.credentials.auth;
  request.plain_text_auth = plain_text_auth(leg);
  request.envelope = probe::SmtpEnvelope{.from = options.message.from, .to = {*options.message.to}};
  request.message = message_of(options.message, reading);
  return request;
}

probe::ImapLoginRequest login_of(const Side& side, const Leg& leg) {
  probe::ImapLoginRequest login;
  login.target = target_of(side, leg);
  login.encryption = leg.encryption;
  login.mechanism = leg.credentials.auth;
  login.plain_text_auth = plain_text_auth(leg);
  return login;
}

// The sender's mailbox: reports come to its INBOX.
probe::WatchRequest bounces_of(const Options& options, const Leg& leg) {
  probe::WatchRequest request;
  request.login = login_of(options.bounce, leg);
  request.junk = probe::JunkFolder::none;
  if (options.mailbox.is_kept) request.disposal = probe::Disposal::keep;
  return request;
}

probe::WatchRequest watch_of(const Options& options, const Leg& leg) {
  const MailboxOptions& mailbox = options.mailbox;
  probe::WatchRequest request;
  request.login = login_of(options.imap, leg);
  request.login.mailbox = wire_name(mailbox.inbox);
  request.junk = mailbox.junk;
  request.junk_name = wire_name(mailbox.junk_name);
  if (mailbox.is_kept) request.disposal = probe::Disposal::keep;
  if (mailbox.trash) request.disposal = probe::Disposal::move_to_trash;
  request.trash_name = wire_name(mailbox.trash.value_or(""));
  request.poll = mailbox.poll;
  return request;
}

// The same in every run of this check, and of no other.
std::string identity_of(const Options& options, const Leg& imap) {
  if (!options.state.id.empty()) return "id\n" + options.state.id;
  return fmt::format("{}\n{}@{}:{}\n{}\n{}", own_host_name(), imap.credentials.user, imap.endpoint.hostname, imap.port,
                     options.message.from->text(), options.message.to->text());
}

void set_times(probe::RoundtripRequest& request, const Options& options, const SecretReading& reading) {
  request.lost_after = options.state.lost_after.value_or(kLostAfter);
  request.lost_reports = static_cast<unsigned>(options.state.lost_runs.value_or(kLostRuns));
  request.wait = options.state.wait;
  request.timeout = reading.deadline.remaining();
  request.submission.timeout = request.timeout;
  request.watch.login.timeout = request.timeout;
}

}  // namespace

std::vector<InputFile> input_files(const Options& options) {
  std::vector<InputFile> files = plugins::input_files(options.tls, options.credentials, "");
  for (const Side* side : {&options.smtp, &options.imap, &options.bounce}) {
    const auto more = plugins::input_files(side->tls, side->credentials, side->prefix);
    files.insert(files.end(), more.begin(), more.end());
  }
  files.push_back({"--body-file", options.message.body_file});
  return files;
}

probe::RoundtripRequest make_request(Options& options, SecretReading& reading) {
  const Leg smtp = smtp_leg(options);
  const Leg imap = imap_leg(options);
  Secrets secrets(options, reading);
  const auto recording = wants_dialogue(options.common) ? net::Recording::on : net::Recording::off;
  probe::RoundtripRequest request;
  request.submission = submission_of(options, smtp, reading);
  request.submission.tls = tls_of(options.smtp, smtp, reading);
  request.submission.credentials = secrets.of(options.smtp, smtp);
  request.watch = watch_of(options, imap);
  request.watch.login.tls = tls_beside(request.submission.tls, smtp, options.imap, imap, reading);
  request.watch.login.credentials = secrets.of(options.imap, imap);
  if (const Leg bounce = bounce_leg(options); bounce.logs_in()) {
    request.bounces = bounces_of(options, bounce);
    request.bounces->login.tls = tls_beside(request.watch.login.tls, imap, options.bounce, bounce, reading);
    request.bounces->login.credentials = secrets.of(options.bounce, bounce);
    request.bounces->login.recording = recording;
  }
  request.submission.recording = recording;
  request.watch.login.recording = recording;
  request.identity = identity_of(options, imap);
  request.state_folder = options.state.folder;
  request.authserv_ids = options.authentication.authserv_ids;
  set_times(request, options, reading);
  return request;
}

std::optional<dns::ServerRecords> record_source(const Options& options) {
  if (options.common.resolver.empty()) return std::nullopt;
  const auto resolver = dns::ServerResolver::parse(options.common.resolver);
  if (!resolver) throw plugin::UsageError{"--resolver: " + resolver.error().detail};
  return dns::ServerRecords({.address = resolver->server(), .port = resolver->port()});
}

Limits make_limits(const Options& options, const SecretReading& reading) {
  const Leg smtp = smtp_leg(options);
  const Leg imap = imap_leg(options);
  return {.thresholds = thresholds_of(options),
          .findings = Findings(options.common.results),
          .smtp_user = smtp.credentials.user,
          .imap_user = imap.credentials.user,
          .is_smtp_insecure = smtp.tls.is_insecure,
          .is_imap_insecure = imap.tls.is_insecure,
          .required = options.authentication.required,
          .alignment = options.authentication.alignment,
          .greylist_tolerance = options.state.greylist_tolerance.value_or(kGreylistTolerance),
          .readable_secret_files = reading.readable_files,
          .poller = own_host_name()};
}

}  // namespace mailcheck::plugins::mail_roundtrip
