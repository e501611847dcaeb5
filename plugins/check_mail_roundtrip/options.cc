#include "plugins/check_mail_roundtrip/options.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "cli/nearest.h"
#include "cli/option_values.h"
#include "cli/parse.h"
#include "imap/mailbox_name.h"
#include "mail/probe_mark.h"
#include "plugin/usage_error.h"
#include "plugins/check_mail_roundtrip/options_together.h"
#include "plugins/shared/hello_name.h"
#include "plugins/shared/message_options.h"
#include "sasl/choice.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

constexpr double kDay = 86400;
constexpr double kMonth = 30 * kDay;
constexpr std::string_view kSides = "SMTP side, IMAP side, bounces";
constexpr std::string_view kSidesNote =
    "Each option of Encryption and Log in, and --hostname, --ipv4, --ipv6 and --address, exists as --smtp-X and "
    "--imap-X too, as in --imap-hostname: for that side alone, where it wins over the one without. --smtp-user '' "
    "means that nobody logs in to the SMTP server, as on port 25. "
    "--bounce-user and --bounce-X are for the sender's mailbox, if bounces go to another account than the message.";

constexpr cli::NamedValues<mail::AlignmentMode, 2> kAlignments = {
    {{"strict", mail::AlignmentMode::strict}, {"relaxed", mail::AlignmentMode::relaxed}}};

enum class LogInCommand { known, unknown };

Names mechanism_choices(LogInCommand log_in_command) {
  Names names;
  for (const auto name : sasl::known_mechanisms()) names.emplace_back(name);
  if (log_in_command == LogInCommand::known) names.emplace_back("LOGIN-COMMAND");
  names.emplace_back("strongest");
  return names;
}

std::vector<std::string_view> labels() {
  return {"smtp_dns",
          "smtp_connect",
          "smtp_greeting",
          "smtp_ehlo",
          "smtp_starttls",
          "smtp_tls",
          "smtp_auth",
          "smtp_mail",
          "smtp_rcpt",
          "smtp_body",
          "smtp_data",
          "smtp_quit",
          "imap_dns",
          "imap_connect",
          "imap_greeting",
          "imap_capability",
          "imap_starttls",
          "imap_tls",
          "imap_auth",
          "imap_list",
          "imap_select",
          "imap_search",
          "imap_fetch",
          "imap_logout",
          "transit",
          "cleanup",
          "total",
          "slowest_hop",
          "hops",
          "spam_score",
          "junk",
          "pending",
          "lost",
          "smtp_cert_days",
          "smtp_chain_days",
          "imap_cert_days",
          "imap_chain_days"};
}

std::string read_mailbox(std::string_view value) {
  if (value.empty() || !imap::encode_mailbox_name(value)) cli::refuse("a mailbox name in UTF-8", value);
  return std::string(value);
}

mail::Header read_own_header(std::string_view value) {
  mail::Header header = read_header(value);
  if (base::equals_ignoring_case(header.name(), mail::kProbeHeader)) {
    cli::refuse("another name than " + std::string(mail::kProbeHeader) + ", which is made here", value);
  }
  if (base::equals_ignoring_case(header.name(), "Subject")) cli::refuse("the subject by --subject", value);
  return header;
}

probe::Poll read_poll(std::string_view value) {
  if (base::equals_ignoring_case(value, "auto")) return {};
  if (base::equals_ignoring_case(value, "idle")) return {.how = probe::Poll::How::idle};
  try {
    return {.how = probe::Poll::How::every, .interval = cli::read_seconds(value, 0.05, kDay)};
  } catch (const plugin::UsageError&) {
    cli::refuse("auto, idle, or seconds from 0.05 to 86400", value);
  }
}

// "spf,dkim", each once, in this order whatever the user's was.
Names read_methods(std::string_view value) {
  const Names known = {"spf", "dkim", "dmarc"};
  Names given;
  for (const std::string_view name : cli::split_list(value)) given.push_back(cli::read_choice(name, known));
  Names methods;
  std::copy_if(known.begin(), known.end(), std::back_inserter(methods),
               [&](const std::string& name) { return std::find(given.begin(), given.end(), name) != given.end(); });
  return methods;
}

void declare_side(cli::OptionTable& table, Side& side, const std::string& default_port, LogInCommand log_in_command) {
  using Credentials = cli::CredentialContext;
  const bool is_smtp = log_in_command == LogInCommand::unknown;
  cli::add_endpoint_options(
      table, side.endpoint,
      {.prefix = side.prefix, .hostname = cli::EndpointContext::Hostname::optional, .default_port = default_port});
  cli::add_tls_side_options(table, side.tls, side.prefix);
  cli::add_credential_options(table, side.credentials,
                              {.prefix = side.prefix,
                               .mechanisms = mechanism_choices(log_in_command),
                               .lone_secret = Credentials::LoneSecret::allowed,
                               .nobody = is_smtp ? Credentials::Nobody::allowed : Credentials::Nobody::refused,
                               .user_help = is_smtp ? "log in as this user; '' means nobody" : "log in as this user"});
}

void declare_sides(cli::OptionTable& table, Options& options) {
  const std::string group(kSides);
  table.add_note(group, std::string(kSidesNote));
  table.add_side(options.smtp.prefix, group, [&] {
    declare_side(table, options.smtp, "587, or 465 with implicit TLS", LogInCommand::unknown);
    table.add({.name = "smtp-proxy-protocol",
               .value_name = "VERSION",
               .help = "1 or 2: begin with a PROXY header",
               .completion = cli::Completion::choice,
               .choices = {"1", "2"},
               .apply = [&](std::string_view value) {
                 const bool is_first = cli::read_choice(value, {"1", "2"}) == "1";
                 options.proxy = is_first ? net::ProxyVersion::v1 : net::ProxyVersion::v2;
               }});
  });
  table.add_side(options.imap.prefix, group,
                 [&] { declare_side(table, options.imap, "993, or 143 with starttls or none", LogInCommand::known); });
  table.add_side(options.bounce.prefix, group, [&] {
    declare_side(table, options.bounce, "993, or 143 with starttls or none", LogInCommand::known);
  });
}

void declare_message(cli::OptionTable& table, Options& options) {
  const std::string group = "Message";
  MessageOptions& message = options.message;
  table.add({.name = "from",
             .value_name = "ADDRESS",
             .help = "sender, of envelope and header; required",
             .group = group,
             .apply = [&](std::string_view value) { message.from = read_address(value); }});
  table.add({.name = "to",
             .value_name = "ADDRESS",
             .help = "recipient, whose mail the IMAP user gets; required",
             .group = group,
             .apply = [&](std::string_view value) { message.to = read_address(value); }});
  table.add({.name = "subject",
             .value_name = "TEXT",
             .help = "its subject; the token is put behind",
             .group = group,
             .apply = [&](std::string_view value) { message.subject = read_subject(value); }});
  table.add({.name = "header",
             .value_name = "'NAME: TEXT'",
             .help = "one more header, or another value of ours",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) { message.headers.push_back(read_own_header(value)); }});
  table.add({.name = "body-file",
             .value_name = "FILE",
             .help = "its text in UTF-8",
             .group = group,
             .completion = cli::Completion::file,
             .apply = [&](std::string_view value) { message.body_file = cli::read_readable_file(value); }});
  table.add({.name = "helo",
             .value_name = "NAME",
             .help = "name to greet with (default: this machine's)",
             .group = group,
             .apply = [&](std::string_view value) { options.hello_name = read_hello_name(value); }});
}

void declare_mailbox(cli::OptionTable& table, MailboxOptions& mailbox) {
  const std::string group = "Mailbox";
  table.add({.name = "mailbox",
             .letter = 'm',
             .value_name = "NAME",
             .help = "where mail arrives, in UTF-8 (default INBOX)",
             .group = group,
             .apply = [&](std::string_view value) { mailbox.inbox = read_mailbox(value); }});
  table.add({.name = "junk",
             .value_name = "NAME",
             .help = "watched too (default: found), or none",
             .group = group,
             .apply = [&](std::string_view value) {
               mailbox.junk = value == "none" ? probe::JunkFolder::none : probe::JunkFolder::named;
               mailbox.junk_name = value == "none" ? "" : read_mailbox(value);
             }});
  table.add({.name = "trash",
             .value_name = "NAME",
             .help = "move there instead of deleting; auto: found",
             .group = group,
             .apply = [&](std::string_view value) { mailbox.trash = value == "auto" ? "" : read_mailbox(value); }});
  table.add(
      {.name = "keep", .help = "leave our messages where they are", .group = group, .apply = [&](std::string_view) {
         mailbox.is_kept = true;
       }});
  table.add({.name = "poll",
             .value_name = "HOW",
             .help = "auto (default), idle, or seconds between looks",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = {"auto", "idle"},
             .apply = [&](std::string_view value) { mailbox.poll = read_poll(value); }});
}

void declare_state(cli::OptionTable& table, StateOptions& state) {
  const std::string group = "Waiting";
  table.add({.name = "wait",
             .value_name = "SECONDS",
             .help = "how long to look (default: all of the time-out)",
             .group = group,
             .apply = [&](std::string_view value) { state.wait = cli::read_seconds(value, 0, kDay); }});
  table.add({.name = "state-dir",
             .value_name = "DIRECTORY",
             .help = "where later runs learn what was not seen yet",
             .group = group,
             .completion = cli::Completion::directory,
             .apply = [&](std::string_view value) { state.folder = cli::read_text(value); }});
  table.add({.name = "id",
             .value_name = "NAME",
             .help = "tells this check from others on the mailbox",
             .group = group,
             .apply = [&](std::string_view value) { state.id = cli::read_utf8(value); }});
  table.add({.name = "lost-after",
             .value_name = "SECONDS",
             .help = "lost, or left over, is what is older (default 3600)",
             .group = group,
             .apply = [&](std::string_view value) { state.lost_after = cli::read_seconds(value, 1, kMonth); }});
  table.add({.name = "lost-runs",
             .value_name = "N",
             .help = "runs that tell of a lost message (default 5)",
             .group = group,
             .apply = [&](std::string_view value) { state.lost_runs = cli::read_number(value, 1, 1000); }});
  table.add({.name = "greylist-tolerance",
             .value_name = "SECONDS",
             .help = "greylisted for longer: critical (default 1800)",
             .group = group,
             .apply = [&](std::string_view value) { state.greylist_tolerance = cli::read_seconds(value, 0, kMonth); }});
}

void declare_authentication(cli::OptionTable& table, AuthenticationOptions& authentication) {
  const std::string group = "Authentication of the message";
  table.add({.name = "authserv-id",
             .value_name = "NAME",
             .help = "trust its Authentication-Results; '': no name",
             .group = group,
             .repeat = cli::Repeat::accumulates,
             .apply = [&](std::string_view value) {
               authentication.authserv_ids.push_back(value.empty() ? "" : cli::read_utf8(value));
             }});
  table.add({.name = "require",
             .value_name = "METHODS",
             .help = "of spf,dkim,dmarc: these must pass",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = {"spf", "dkim", "dmarc"},
             .apply = [&](std::string_view value) { authentication.required = read_methods(value); }});
  table.add({.name = "alignment",
             .value_name = "MODE",
             .help = "strict or relaxed: From must be aligned",
             .group = group,
             .completion = cli::Completion::choice,
             .choices = cli::names_of(kAlignments),
             .apply = [&](std::string_view value) { authentication.alignment = cli::read_named(value, kAlignments); }});
}

void declare_common(cli::OptionTable& table, Options& options) {
  cli::add_common_options(
      table, options.common,
      {.program = {.name = "check_mail_roundtrip",
                   .usage = "-H HOST -U USER --from A --to B [options]",
                   .sentence =
                       "Sends a message by SMTP, sees it arrive by IMAP, judges where, when and how it came, and "
                       "removes it."},
       .labels = labels(),
       .findings = finding_names(Scope::roundtrip),
       .certificate_labels = {"smtp_cert_days", "smtp_chain_days", "imap_cert_days", "imap_chain_days"},
       .timeout = 50s,
       .endpoint = {.hostname = cli::EndpointContext::Hostname::optional,
                    .no_port = "which side? use --smtp-port or --imap-port"}});
  cli::add_tls_side_options(table, options.tls, "");
  cli::add_credential_options(table, options.credentials,
                              {.mechanisms = mechanism_choices(LogInCommand::known),
                               .lone_secret = cli::CredentialContext::LoneSecret::allowed,
                               .user_help = "log in as this user; IMAP needs one"});
}

}  // namespace

void declare(cli::OptionTable& table, Options& options) {
  declare_common(table, options);
  declare_sides(table, options);
  declare_message(table, options);
  declare_mailbox(table, options.mailbox);
  declare_state(table, options.state);
  declare_authentication(table, options.authentication);
  table.add_final_check([&options] { check_together(options); });
}

Options parse(std::span<char*> arguments) {
  Options options;
  cli::OptionTable table;
  declare(table, options);
  cli::parse(table, arguments);
  return options;
}

}  // namespace mailcheck::plugins::mail_roundtrip
