// The command line of check_smtp_submit: argv -> Options, Options -> the probe's request and the judge's limits.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/option_table.h"
#include "cli/tls_options.h"
#include "plugins/check_smtp_submit/judge.h"
#include "plugins/shared/secret_source.h"
#include "probe/smtp_submit.h"

namespace mailcheck::plugins::smtp_submit {

struct MessageOptions {
  bool has_from = false;              // --from was given
  std::optional<mail::Address> from;  // none, with has_from: "<>"
  std::vector<mail::Address> to;
  bool sends = false;
  std::string subject;  // empty: ours
  std::vector<mail::Header> headers;
  std::string body_file;  // empty: our text
};

struct Options {
  cli::CommonOptions common;
  cli::TlsOptions tls;
  cli::CredentialOptions credentials;
  bool is_lmtp = false;
  std::optional<net::ProxyVersion> proxy;
  std::string hello_name;  // empty: this machine's name, if it has a domain, else its address
  MessageOptions message;
  probe::Pipelining pipelining = probe::Pipelining::off;
  Expectations expectations;
  std::optional<probe::SmtpStop> stop_after;
};

// Declares every option; `options` must outlive the table.
void declare(cli::OptionTable& table, Options& options);

// Throws plugin::UsageError.
[[nodiscard]] Options parse(std::span<char*> arguments);
// Takes the secrets and reads the files; what remains of the deadline is the probe's time. Throws plugin::UsageError.
[[nodiscard]] probe::SmtpSubmitRequest make_request(Options& options, SecretReading& reading);
[[nodiscard]] Limits make_limits(const Options& options, const SecretReading& reading);

}  // namespace mailcheck::plugins::smtp_submit
