#include "plugins/check_smtp_submit/options.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "cli/option_values.h"
#include "cli/parse.h"
#include "plugin/usage_error.h"
#include "plugins/check_smtp_submit/options_together.h"
#include "plugins/shared/hello_name.h"
#include "plugins/shared/message_options.h"
#include "sasl/choice.h"

namespace mailcheck::plugins::smtp_submit {
namespace {

using probe::SmtpStop;

constexpr cli::NamedValues<SmtpStop, 8> kStops = {{{"connect", SmtpStop::connect},
                                                   {"greeting", SmtpStop::greeting},
                                                   {"ehlo", SmtpStop::ehlo},
                                                   {"tls", SmtpStop::tls},
                                                   {"auth", SmtpStop::auth},
                                                   {"mail", SmtpStop::mail},
                                                   {"rcpt", SmtpStop::rcpt},
                                                   {"data", SmtpStop::end}}};

std::vector<std::string> mechanism_choices() {
  std::vector<std::string> names;
  for (const auto name : sasl::known_mechanisms()) names.emplace_back(name);
  names.emplace_back("strongest");
  return names;
}

std::vector<std::string_view> labels() {
  return {"dns",  "connect", "greeting", "ehlo", "starttls", "tls",   "auth",      "mail",
          "rcpt", "rset",    "body",     "data", "quit",     "total", "cert_days", "chain_days"};
}

std::string read_extension(std::string_view value) {
  const std::string_view name = value.substr(value.starts_with('!') ? 1 : 0);
  const std::string_view words = " =!";
  if (name.empty() || words.find(name.front()) != std::string_view::npos) {
    cli::refuse("one extension, for example SIZE, 'AUTH PLAIN' or !AUTH", value);
  }
  return cli::read_utf8(value);
}

void declare_session(cli::OptionTable& table, Options& options) {
  const std::string group = "Session";
  table.add({.name = "lmtp",
             .help = "speak LMTP: LHLO, and an answer for each recipient",
             .group = group,
             .apply = [&](std::string_view) { options.is_lmtp = true; }});
  table.add({.name = "helo",
             .value_name = "NAME",
             .help = "name to greet with (default: this machine's)",
             .group = group,
             .apply = [&](std::string_view value) { options.hello_name = read_hello_name(value); }});
  table.add(
      {.name = "proxy-protocol",
       .value_name = "VERSION",
       .help = "1 or 2: begin with a PROXY header of the real addresses",
       .group = group,
       .completion = cli::Completion::choice,
       .choices = {"1", "2"},
       .apply = [&](std::string_view value) {
         options.proxy = cli::read_choice(value, {"1", "2"}) == "1" ? net::ProxyVersion::v1 : net::ProxyVersion::v2;
       }});
  table.add({.name = "pipelining",
             .help = "send MAIL and RCPT at once, where offered",
             .group = group,
             .apply = [&](std::string_view) { options.pipelining = probe::Pipelining::where_offered; }});
}

void declare_message(cli::OptionTable& table, MessageOptions& message) {
  const std::string group = "Message";
  table.add({.name = "from",
             .value_name = "ADDRESS",
             .help = "envelope sender, <> for none",
             .group = group,
             .apply = [&](std::string_view value) {
               message.has_from = true;
               if (value != "<>") message.from = read_address(value);
             }});
  table.add({.name = "to",
             .value_name = "ADDRESS",
             .help = "envelope recipient",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { message.to.push_back(read_address(value)); }});
  table.add({.name = "send",
             .help = "send a message (without it nothing is ever sent)",
             .group = group,
             .apply = [&](std::string_view) { message.sends = true; }});
  table.add({.name = "subject",
             .value_name = "TEXT",
             .help = "its subject",
             .group = group,
             .apply = [&](std::string_view value) { message.subject = read_subject(value); }});
  table.add({.name = "header",
             .value_name = "'NAME: TEXT'",
             .help = "one more header, or another value of ours",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { message.headers.push_back(read_header(value)); }});
  table.add({.name = "body-file",
             .value_name = "FILE",
             .help = "its text in UTF-8",
             .group = group,
             .completion = cli::Completion::file,
             .apply = [&](std::string_view value) { message.body_file = cli::read_readable_file(value); }});
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
  table.add({.name = "expect-extension",
             .value_name = "NAME",
             .help = "must be offered at the end; !NAME must not",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { expected.extensions.push_back(read_extension(value)); }});
  table.add({.name = "expect",
             .value_name = "STAGE=CODE",
             .help = "the answer there, for example rcpt=550 or auth=535,4xx",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { expected.replies.push_back(parse_expected_reply(value)); }});
  table.add({.name = "open-relay-test",
             .help = "OK only if the server refuses --to, nobody being logged in",
             .group = group,
             .apply = [&](std::string_view) { expected.is_relay_test = true; }});
  table.add({.name = "stop-after",
             .value_name = "STAGE",
             .help = "end there: connect, greeting, ehlo, tls, auth, mail, rcpt or data",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = cli::names_of(kStops),
             .apply = [&](std::string_view value) { options.stop_after = cli::read_named(value, kStops); }});
}

}  // namespace

void declare(cli::OptionTable& table, Options& options) {
  cli::add_common_options(
      table, options.common,
      {.program = {.name = "check_smtp_submit",
                   .usage = "-H HOST [-U USER] [--from A --to B] [--send] [options]",
                   .sentence = "Submits to an SMTP server as a mail client does, up to the recipients or with --send "
                               "to the end, and times every step."},
       .labels = labels(),
       .findings = finding_names(Scope::smtp),
       .endpoint = {.unix_socket = cli::UnixSocket::allowed,
                    .default_port = "587, 465 with --tls implicit, 24 with --lmtp"}});
  cli::add_tls_options(table, options.tls, "");
  cli::add_credential_options(table, options.credentials, {.mechanisms = mechanism_choices()});
  declare_session(table, options);
  declare_message(table, options.message);
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

Limits make_limits(const Options& options, const SecretReading& reading) {
  return {.thresholds = options.common.thresholds,
          .findings = Findings(options.common.results),
          .expectations = options.expectations,
          .is_insecure = options.tls.is_insecure,
          .user = options.credentials.user,
          .readable_secret_files = reading.readable_files};
}

}  // namespace mailcheck::plugins::smtp_submit
