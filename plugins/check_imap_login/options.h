// The command line of check_imap_login: argv -> Options, Options -> the probe's request and the judge's limits.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/option_table.h"
#include "cli/tls_options.h"
#include "plugins/check_imap_login/judge.h"
#include "plugins/shared/secret_source.h"
#include "probe/imap_login.h"

namespace mailcheck::plugins::imap_login {

inline constexpr const char* kInbox = "INBOX";

struct Options {
  cli::CommonOptions common;
  cli::TlsOptions tls;
  cli::CredentialOptions credentials;
  std::optional<std::string> mailbox;  // none: kInbox
  bool opens_for_writing = false;
  std::vector<std::string> must_exist;
  std::optional<imap::SearchCriteria> search;
  unsigned fetch_newest = 0;
  bool wants_quota = false;
  Expectations expectations;
  std::optional<probe::ImapStop> stop_after;
};

// Declares every option; `options` must outlive the table.
void declare(cli::OptionTable& table, Options& options);

// Throws plugin::UsageError.
[[nodiscard]] Options parse(std::span<char*> arguments);
// Takes the secrets and reads the files; what remains of the deadline is the probe's time. Throws plugin::UsageError.
[[nodiscard]] probe::ImapLoginRequest make_request(Options& options, SecretReading& reading);
[[nodiscard]] Limits make_limits(const Options& options, const SecretReading& reading);

}  // namespace mailcheck::plugins::imap_login
