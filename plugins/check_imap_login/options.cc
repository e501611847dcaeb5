#include "plugins/check_imap_login/options.h"

#include <algorithm>
#include <array>
#include <utility>

#include "cli/option_values.h"
#include "cli/parse.h"
#include "imap/mailbox_name.h"
#include "plugin/usage_error.h"
#include "plugins/check_imap_login/options_together.h"
#include "plugins/shared/requests.h"
#include "plugins/shared/run.h"
#include "sasl/choice.h"

namespace mailcheck::plugins::imap_login {
namespace {

using probe::ImapStop;

constexpr cli::NamedValues<ImapStop, 5> kStops = {{{"greeting", ImapStop::greeting},
                                                   {"tls", ImapStop::tls},
                                                   {"capability", ImapStop::capability},
                                                   {"auth", ImapStop::auth},
                                                   {"select", ImapStop::select}}};

std::vector<std::string> mechanism_choices() {
  std::vector<std::string> names;
  for (const auto name : sasl::known_mechanisms()) names.emplace_back(name);
  names.emplace_back("LOGIN-COMMAND");
  names.emplace_back("strongest");
  return names;
}

std::vector<std::string_view> labels() {
  std::vector<std::string_view> labels = {"dns",    "connect", "greeting", "capability", "starttls", "tls",    "auth",
                                          "select", "list",    "search",   "fetch",      "quota",    "logout", "total"};
  labels.insert(labels.end(), measured_labels().begin(), measured_labels().end());
  return labels;
}

std::string read_mailbox(std::string_view value) {
  if (value.empty() || !imap::encode_mailbox_name(value)) cli::refuse("a mailbox name in UTF-8", value);
  return std::string(value);
}

std::string wire_name(const std::string& name) {
  return imap::encode_mailbox_name(name).value_or(name);
}

void declare_look(cli::OptionTable& table, Options& options) {
  const std::string group = "Mailbox";
  table.add({.name = "mailbox",
             .letter = 'm',
             .value_name = "NAME",
             .help = "the folder to open, in UTF-8 (default INBOX)",
             .group = group,
             .apply = [&](std::string_view value) { options.mailbox = read_mailbox(value); }});
  table.add({.name = "select",
             .help = "open with SELECT; messages lose their Recent flag",
             .group = group,
             .apply = [&](std::string_view) { options.opens_for_writing = true; }});
  table.add({.name = "list",
             .value_name = "NAME",
             .help = "this folder must exist",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { options.must_exist.push_back(read_mailbox(value)); }});
  table.add({.name = "search",
             .value_name = "CRITERIA",
             .help = "count messages, for example 'UNSEEN FROM \"backup\"' (label hits)",
             .group = group,
             .apply = [&](std::string_view value) {
               auto criteria = imap::SearchCriteria::parse(value);
               if (!criteria) throw plugin::UsageError{"expected IMAP search criteria: " + criteria.error().detail};
               options.search = std::move(*criteria);
             }});
  table.add({.name = "fetch",
             .value_name = "N",
             .help = "-vv shows the headers of the newest N (1 to 100)",
             .group = group,
             .apply = [&](std::string_view value) {
               options.fetch_newest = static_cast<unsigned>(cli::read_number(value, 1, 100));
             }});
  table.add(
      {.name = "quota", .help = "measure the quota of the mailbox", .group = group, .apply = [&](std::string_view) {
         options.wants_quota = true;
       }});
}

void declare_expectations(cli::OptionTable& table, Options& options) {
  const std::string group = "Expectations";
  Expectations& expected = options.expectations;
  table.add({.name = "expect-greeting",
             .letter = 'e',
             .value_name = "TEXT",
             .help = "the greeting must hold this text",
             .group = group,
             .apply = [&](std::string_view value) { expected.greeting = cli::read_text(value); }});
  table.add({.name = "expect-capability",
             .value_name = "NAME",
             .help = "must be offered at the end; !NAME must not",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) {
               if (value.empty() || value == "!" || value.find(' ') != std::string_view::npos) {
                 cli::refuse("one capability, for example IDLE or !COMPRESS=DEFLATE", value);
               }
               expected.capabilities.emplace_back(value);
             }});
  table.add({.name = "refuse",
             .help = "negative test: OK only if the log in is refused",
             .group = group,
             .apply = [&](std::string_view) { expected.is_refusal = true; }});
  table.add({.name = "refuse-plaintext",
             .help = "no log in may be offered before TLS",
             .group = group,
             .apply = [&](std::string_view) { expected.refuses_plaintext = true; }});
  table.add({.name = "stop-after",
             .value_name = "STAGE",
             .help = "end there: greeting, tls, capability, auth or select",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = cli::names_of(kStops),
             .apply = [&](std::string_view value) { options.stop_after = cli::read_named(value, kStops); }});
}

}  // namespace

void declare(cli::OptionTable& table, Options& options) {
  cli::add_common_options(
      table, options.common,
      {.program = {.name = "check_imap_login",
                   .usage = "-H HOST [-U USER --password-file FILE] [options]",
                   .sentence = "Logs in to an IMAP server as a mail client does, looks into a folder, "
                               "and times every step."},
       .labels = labels(),
       .findings = finding_names(Scope::imap),
       .endpoint = {.default_port = "993, or 143 with --tls starttls or none"}});
  cli::add_tls_options(table, options.tls, "");
  cli::add_credential_options(table, options.credentials, {.mechanisms = mechanism_choices()});
  declare_look(table, options);
  declare_expectations(table, options);
  table.add_final_check([&options] { check_together(options); });
}

Options parse(std::span<char*> arguments) {
  Options options;
  cli::OptionTable table;
  declare(table, options);
  cli::parse(table, arguments);
  return options;
}

probe::ImapLoginRequest make_request(Options& options, SecretReading& reading) {
  const auto& thresholds = options.common.thresholds;
  probe::ImapLoginRequest request;
  request.encryption = encryption_of(options);
  request.target = target(options.common, request.encryption == probe::Encryption::implicit ? 993 : 143, "");
  request.stop_after = stop_of(options);
  if (request.encryption != probe::Encryption::none) {
    request.tls = tls_options(options.tls, options.common.hostname, "", reading);
    load_tls_files(request.tls, "");
  }
  if (request.stop_after >= ImapStop::auth) {
    request.credentials = credentials(options.credentials, options.tls, request.target, reading);
  }
  request.mechanism = options.credentials.auth;
  request.plain_text_auth =
      options.credentials.may_send_plain_text ? client::PlainTextAuth::allowed : client::PlainTextAuth::refused;
  request.mailbox = wire_name(options.mailbox.value_or(kInbox));
  request.open_mode = options.opens_for_writing ? imap::OpenMode::select : imap::OpenMode::examine;
  for (const auto& name : options.must_exist) request.must_exist.push_back({name, wire_name(name)});
  request.search = options.search;
  request.fetch_newest = options.fetch_newest;
  request.measure = {.unseen = thresholds.has("unseen"),
                     .newest_age = thresholds.has("newest_age"),
                     .oldest_age = thresholds.has("oldest_age"),
                     .quota = measures_quota(options)};
  request.timeout = reading.deadline.remaining();
  request.recording = wants_dialogue(options.common) ? net::Recording::on : net::Recording::off;
  return request;
}

Limits make_limits(const Options& options, const SecretReading& reading) {
  return {.thresholds = options.common.thresholds,
          .findings = Findings(options.common.results),
          .expectations = options.expectations,
          .is_insecure = options.tls.is_insecure,
          .user = options.credentials.user,
          .mailbox = options.mailbox.value_or(kInbox),
          .readable_secret_files = reading.readable_files};
}

}  // namespace mailcheck::plugins::imap_login
