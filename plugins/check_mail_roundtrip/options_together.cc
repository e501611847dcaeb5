#include "plugins/check_mail_roundtrip/options_together.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/number.h"
#include "cli/option_values.h"
#include "imap/mailbox_name.h"
#include "plugins/check_mail_roundtrip/sides.h"
#include "plugins/shared/options_together.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

using cli::TlsMode;

constexpr std::string_view kProofs =
    "needs --password-file, --password-env, --password-fd, --oauth2-token-file, --oauth2-token-env or --client-cert";

struct Legs {
  Leg smtp;
  Leg imap;

  [[nodiscard]] bool have_no_tls() const { return !smtp.has_tls() && !imap.has_tls(); }
};

std::string seconds(base::Duration duration) {
  return base::print_decimal(base::to_seconds(duration));
}

Rows required_rows(const Options& options, const Legs& legs) {
  const bool has_hosts = !legs.smtp.endpoint.hostname.empty() && !legs.imap.endpoint.hostname.empty();
  return {
      {!has_hosts, "--hostname:", "expected HOST, got nothing; it is required, or --smtp-hostname and --imap-hostname"},
      {!options.message.from, "--from:", "expected ADDRESS, got nothing; it is required"},
      {!options.message.to, "--to:", "expected ADDRESS, got nothing; it is required"},
      {!legs.imap.logs_in(), "--user:", "expected USER, got nothing; IMAP needs it, or --imap-user"},
  };
}

// -4 with an IPv6 address could only ever fail.
Contradiction family_row(const Side& side, const cli::EndpointOptions& endpoint) {
  const bool is_hostname = endpoint.address.empty();
  const std::string& target = is_hostname ? endpoint.hostname : endpoint.address;
  const bool wants_ipv6 = endpoint.family == cli::Family::ipv6;
  const bool is_wrong =
      endpoint.family != cli::Family::any && cli::is_ip_address(target) && cli::is_ipv6_address(target) != wants_ipv6;
  return {is_wrong, spelled(side, wants_ipv6 ? "ipv6" : "ipv4") + ":",
          fmt::format("contradicts {} {}", spelled(side, is_hostname ? "hostname" : "address"), target)};
}

// What was given for a side that nobody logs in to.
Rows lone_rows(const Side& side, const Leg& leg) {
  const cli::CredentialOptions& own = side.credentials;
  const std::string prefix = "--" + side.prefix;
  const auto secrets = cli::secret_sources(own, side.prefix);
  const std::string why =
      own.is_nobody ? fmt::format("contradicts {}user ''", prefix) : fmt::format("needs {}user", prefix);
  const auto row = [&](bool is_given, const std::string& given) {
    return Contradiction{is_given && !leg.logs_in(), given + ":", why};
  };
  return {
      row(!secrets.empty(), secrets.empty() ? "" : secrets.front()),
      row(!own.auth.empty(), prefix + "auth"),
      row(!own.authorization_identity.empty(), prefix + "authzid"),
      row(own.may_send_plain_text, prefix + "allow-plaintext-auth"),
  };
}

Rows side_rows(const Side& side, const Leg& leg) {
  const std::string tls = cli::first_tls_option(side.tls, side.prefix);
  const bool has_proof = !cli::secret_sources(leg.credentials, "").empty() || !leg.tls.client_certificate.empty();
  Rows rows = lone_rows(side, leg);
  rows.push_back(family_row(side, leg.endpoint));
  rows.push_back({!tls.empty() && !leg.has_tls(), tls + ":", fmt::format("contradicts {} none", spelled(side, "tls"))});
  for (auto& row : log_in_contradictions(leg.credentials, leg.tls,
                                         {.logs_in = leg.logs_in(),
                                         .never_has_tls = !leg.has_tls(),
                                         .spelled = [&](std::string_view name) { return spelled(side, name); }})) {
    rows.push_back(std::move(row));
  }
  rows.push_back({leg.logs_in() && !has_proof, spelled(side, "user") + ":", std::string(kProofs)});
  return rows;
}

// What was given for both sides and neither can use.
Rows common_rows(const Options& options, const Legs& legs) {
  const std::string tls = cli::first_tls_option(options.tls, "");
  const bool looks_up = plugins::looks_up(legs.smtp.endpoint) || plugins::looks_up(legs.imap.endpoint);
  const bool asks_dns = looks_up || !options.authentication.authserv_ids.empty();
  return {
      {!tls.empty() && legs.have_no_tls(), tls + ":", "needs TLS, which neither side has"},
      {options.credentials.may_send_plain_text && legs.smtp.has_tls() && legs.imap.has_tls(),
       "--allow-plaintext-auth:", "goes with --tls none only"},
      {!options.common.resolver.empty() && !asks_dns, "--resolver:", "needs a name to look up, or --authserv-id"},
      {legs.smtp.credentials.auth == "LOGIN-COMMAND", "--auth: LOGIN-COMMAND", "is a command of IMAP; use --imap-auth"},
  };
}

// Without a user of its own nobody looks for bounces there.
Rows bounce_rows(const Options& options) {
  const Leg leg = bounce_leg(options);
  if (!leg.logs_in()) {
    const std::string given = first_own_option(options.bounce);
    return {{!given.empty(), given + ":", "needs --bounce-user"}};
  }
  Rows rows = side_rows(options.bounce, leg);
  rows.push_back({leg.endpoint.hostname.empty(), "--bounce-user:", "needs --bounce-hostname, or --hostname"});
  return rows;
}

Rows mailbox_rows(const Options& options) {
  const MailboxOptions& mailbox = options.mailbox;
  const auto is_inbox = [&](const std::string& name) { return imap::is_same_mailbox(name, mailbox.inbox); };
  const bool has_trash = mailbox.trash && !mailbox.trash->empty();
  return {
      {mailbox.is_kept && mailbox.trash.has_value(), "--keep:", "contradicts --trash"},
      {mailbox.junk == probe::JunkFolder::named && is_inbox(mailbox.junk_name),
       "--junk:", "is the folder of --mailbox"},
      {has_trash && is_inbox(*mailbox.trash), "--trash:", "is the folder of --mailbox"},
      {has_trash && imap::is_same_mailbox(*mailbox.trash, mailbox.junk_name), "--trash:", "is the folder of --junk"},
  };
}

Rows waiting_rows(const Options& options) {
  const StateOptions& state = options.state;
  const base::Duration timeout = options.common.timeout;
  const base::Duration wait = state.wait.value_or(timeout);
  const base::Duration interval = options.mailbox.poll.interval;
  const bool is_stateless = state.folder.empty();
  const std::string need = "needs --state-dir";
  return {
      {wait == base::Duration::zero() && is_stateless, "--wait: 0", need + ", or nobody ever looks"},
      {wait > timeout, "--wait: " + seconds(wait),
       fmt::format("is longer than --timeout {}, which ends the run before", seconds(timeout))},
      {interval > timeout, "--poll: " + seconds(interval),
       fmt::format("is longer than --timeout {}", seconds(timeout))},
      {state.lost_after && is_stateless && options.mailbox.is_kept,
       "--lost-after:", need + " where --keep removes nothing"},
      {state.lost_runs && is_stateless, "--lost-runs:", need},
      {state.greylist_tolerance && is_stateless, "--greylist-tolerance:", need + " (or --result greylisted=critical)"},
  };
}

Rows authentication_rows(const AuthenticationOptions& authentication) {
  const bool trusts_nobody = authentication.authserv_ids.empty();
  return {
      {!authentication.required.empty() && trusts_nobody, "--require:", "needs --authserv-id"},
      {authentication.alignment && trusts_nobody, "--alignment:", "needs --authserv-id"},
  };
}

// A step or number that may never be there, and what it needs.
struct Need {
  std::string label;
  bool is_met;
  std::string need;
};

std::vector<Need> side_needs(const Side& side, const Leg& leg) {
  const std::string name = side.prefix.substr(0, side.prefix.size() - 1) + "_";
  const bool upgrades = leg.encryption == probe::Encryption::starttls;
  return {
      {name + "dns", looks_up(leg.endpoint),
       fmt::format("needs a name to look up, neither {} nor a numeric {}", spelled(side, "address"),
                   spelled(side, "hostname"))},
      {name + "starttls", upgrades, fmt::format("needs --{}tls starttls", side.prefix)},
      {name + "tls", leg.has_tls(), "contradicts " + spelled(side, "tls") + " none"},
      {name + "auth", leg.logs_in(), fmt::format("needs --user or --{}user", side.prefix)},
  };
}

std::vector<Need> own_needs(const Options& options) {
  const MailboxOptions& mailbox = options.mailbox;
  const bool has_state = !options.state.folder.empty();
  const bool lists = mailbox.junk == probe::JunkFolder::find || mailbox.trash == "";
  return {
      {"imap_list", lists, "needs a folder to find: no --junk, or --trash auto"},
      {"imap_search", !mailbox.is_kept, "contradicts --keep"},
      {"cleanup", !mailbox.is_kept, "contradicts --keep"},
      {"junk", mailbox.junk != probe::JunkFolder::none, "contradicts --junk none"},
      {"pending", has_state, "needs --state-dir"},
      {"lost", has_state, "needs --state-dir"},
  };
}

// -D is for all certificates that there are, a threshold is for the one that it names.
bool is_idle_day_label(const Options& options, const Legs& legs, std::string_view label) {
  if (!label.ends_with("_days")) return false;
  const Leg& leg = label.starts_with("smtp") ? legs.smtp : legs.imap;
  return !leg.has_tls() && options.common.has_certificate_days;
}

Rows threshold_rows(const Options& options, const Legs& legs) {
  Rows rows;
  const auto add = [&](const Need& need) {
    const std::string given = wanted_label(options.common, {need.label});
    rows.push_back({!given.empty() && !need.is_met, given, need.need});
  };
  for (const Need& need : side_needs(options.smtp, legs.smtp)) add(need);
  for (const Need& need : side_needs(options.imap, legs.imap)) add(need);
  for (const Need& need : own_needs(options)) add(need);
  rows.push_back(
      {options.common.has_certificate_days && legs.have_no_tls(), "--cert-days:", "needs TLS, which neither side has"});
  for (const std::string_view label : {"smtp_cert_days", "smtp_chain_days", "imap_cert_days", "imap_chain_days"}) {
    if (is_idle_day_label(options, legs, label)) continue;
    const bool is_smtp = label.starts_with("smtp");
    add({std::string(label), (is_smtp ? legs.smtp : legs.imap).has_tls(),
         fmt::format("contradicts {} none", spelled(is_smtp ? options.smtp : options.imap, "tls"))});
  }
  return rows;
}

}  // namespace

void check_together(const Options& options) {
  const Legs legs{.smtp = smtp_leg(options), .imap = imap_leg(options)};
  for (const auto& rows :
       {required_rows(options, legs), common_rows(options, legs), side_rows(options.smtp, legs.smtp),
        side_rows(options.imap, legs.imap), bounce_rows(options), mailbox_rows(options), waiting_rows(options),
        authentication_rows(options.authentication), threshold_rows(options, legs)}) {
    refuse_contradictions(rows);
  }
}

plugin::Thresholds thresholds_of(const Options& options) {
  const Legs legs{.smtp = smtp_leg(options), .imap = imap_leg(options)};
  plugin::Thresholds thresholds;
  for (const std::string& label : options.common.thresholds.labels()) {
    if (is_idle_day_label(options, legs, label)) continue;
    const plugin::Limits& limits = options.common.thresholds.limits(label);
    if (limits.warning) thresholds.set_warning(label, *limits.warning);
    if (limits.critical) thresholds.set_critical(label, *limits.critical);
  }
  return thresholds;
}

}  // namespace mailcheck::plugins::mail_roundtrip
