#include "plugins/check_imap_login/options_together.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plugin/usage_error.h"
#include "plugins/shared/requests.h"

namespace mailcheck::plugins::imap_login {
namespace {

using probe::Encryption;
using probe::ImapStop;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "--warning: unseen", for the first of the labels that has a threshold; empty: none has.
std::string wanted_label(const Options& options, std::initializer_list<std::string_view> labels) {
  for (const std::string_view label : labels) {
    if (!options.common.thresholds.has(label)) continue;
    return fmt::format("{}: {}", cli::threshold_option(options.common, label), label);
  }
  return {};
}

// The first option that needs a look into the mailbox; empty: none.
std::string wanted_look(const Options& options) {
  if (!options.must_exist.empty()) return "--list:";
  if (options.search) return "--search:";
  if (options.fetch_newest > 0) return "--fetch:";
  if (options.wants_quota) return "--quota:";
  return wanted_label(options, {"unseen", "hits", "newest_age", "oldest_age", "quota_storage", "quota_storage_bytes",
                                "quota_messages", "quota_messages_used"});
}

// What --auth needs and is not there; empty: nothing.
std::string_view missing_proof(const Options& options) {
  const cli::CredentialOptions& given = options.credentials;
  const std::string_view name = given.auth;
  const bool has_password =
      given.has_password || given.password_fd || !given.password_file.empty() || !given.password_env.empty();
  if (name.empty() || name == "strongest") return {};
  if (name == "EXTERNAL") return options.tls.client_certificate.empty() ? "--client-cert" : "";
  if (is_one_of(name, {"XOAUTH2", "OAUTHBEARER"})) {
    return given.token_file.empty() && given.token_env.empty() ? "--oauth2-token-file or --oauth2-token-env" : "";
  }
  return has_password ? "" : "--password-file, --password-env or --password-fd";
}

}  // namespace

Encryption encryption_of(const Options& options) {
  return encryption(options.tls, options.common.port.value_or(993), {993});
}

ImapStop stop_of(const Options& options) {
  const ImapStop stop = options.stop_after.value_or(ImapStop::end);
  return options.expectations.is_refusal ? std::min(ImapStop::auth, stop) : stop;
}

void check_together(const Options& options) {
  struct Row {
    bool is_wrong;
    std::string given;  // what the error begins with: the option at fault, and its value where that says more
    std::string why;
  };
  const Encryption encryption = encryption_of(options);
  const ImapStop stop = stop_of(options);
  const bool has_user = !options.credentials.user.empty();  // without it nobody logs in, whatever else is there
  const bool logs_in = has_user && stop >= ImapStop::auth;
  const bool opens = has_user && stop >= ImapStop::select;
  const bool looks = has_user && stop > ImapStop::select;
  const bool never_has_tls = encryption == Encryption::none;
  const bool ends_before_tls = encryption == Encryption::starttls && stop == ImapStop::greeting;
  const std::string& auth = options.credentials.auth;
  const std::string_view proof = missing_proof(options);
  const std::string look = wanted_look(options);
  const std::string count = wanted_label(options, {"messages"});
  const std::string hits = wanted_label(options, {"hits"});
  const std::string days = wanted_label(options, {"cert_days", "chain_days"});
  const bool has_no_place_for_authzid = is_one_of(auth, {"LOGIN", "CRAM-MD5", "LOGIN-COMMAND"});

  const std::array rows = std::to_array<Row>({
      {options.expectations.is_refusal && !logs_in, "--refuse:", "needs --user and no --stop-after before auth"},
      {options.expectations.refuses_plaintext && (encryption == Encryption::implicit || stop == ImapStop::greeting),
       "--refuse-plaintext:", "needs a plain connection to look at, --tls starttls or none"},
      {!options.expectations.capabilities.empty() && stop < ImapStop::capability,
       "--expect-capability:", "contradicts --stop-after before capability"},
      {!has_user && (stop == ImapStop::auth || stop == ImapStop::select),
       "--stop-after:", "auth and select need --user"},
      {stop == ImapStop::tls && never_has_tls, "--stop-after: tls", "contradicts --tls none"},
      {options.opens_for_writing && !opens,
       "--select:", "needs --user and no --stop-after before select, nor --refuse"},
      {!look.empty() && !looks, look, "needs --user and no --stop-after or --refuse"},
      {!count.empty() && !opens, count, "needs --user and an open mailbox"},
      {!hits.empty() && !options.search, hits, "needs --search"},
      {!days.empty() && never_has_tls, days, "contradicts --tls none"},
      {!days.empty() && ends_before_tls, days, "needs TLS, which comes after --stop-after greeting"},
      {options.credentials.may_send_plain_text && !never_has_tls,
       "--allow-plaintext-auth:", "goes with --tls none only"},
      {auth.ends_with("-PLUS") && never_has_tls, "--auth: " + auth, "contradicts --tls none"},
      {logs_in && !proof.empty(), "--auth: " + auth, fmt::format("needs {}", proof)},
      {!options.credentials.authorization_identity.empty() && has_no_place_for_authzid,
       "--authzid:", fmt::format("contradicts --auth {}, which has no place for it", auth)},
  });
  for (const Row& row : rows) {
    if (row.is_wrong) throw plugin::UsageError{row.given + " " + row.why};
  }
}

}  // namespace mailcheck::plugins::imap_login
