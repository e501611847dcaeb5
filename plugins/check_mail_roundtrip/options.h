// The command line of check_mail_roundtrip: argv -> Options, Options -> the probe's request and the judge's limits.
//
// Options of the connection, of encryption and log in exist four times: without prefix for all sides, as --smtp-X, as
// --imap-X, and as --bounce-X for the sender's mailbox; sides.h says what holds in the end.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/option_table.h"
#include "cli/tls_options.h"
#include "dns/server_records.h"
#include "plugins/check_mail_roundtrip/judge.h"
#include "plugins/shared/run.h"
#include "plugins/shared/secret_source.h"
#include "probe/roundtrip.h"

namespace mailcheck::plugins::mail_roundtrip {

inline constexpr const char* kInbox = "INBOX";

// What was given for one side.
struct Side {
  std::string prefix;  // "smtp-", "imap-" or "bounce-"
  cli::EndpointOptions endpoint = {};
  cli::TlsOptions tls = {};
  cli::CredentialOptions credentials = {};
};

struct MessageOptions {
  std::optional<mail::Address> from;
  std::optional<mail::Address> to;
  std::string subject;  // empty: ours
  std::vector<mail::Header> headers;
  std::string body_file;  // empty: our text
};

struct MailboxOptions {
  std::string inbox = kInbox;
  probe::JunkFolder junk = probe::JunkFolder::find;
  std::string junk_name;
  std::optional<std::string> trash;  // --trash was given; empty: as the server says
  bool is_kept = false;
  probe::Poll poll;
};

struct StateOptions {
  std::string id;                      // empty: made of account and addresses
  std::string folder;                  // empty: nothing is remembered
  std::optional<base::Duration> wait;  // none: as long as there is time
  std::optional<base::Duration> lost_after;
  std::optional<int> lost_runs;
  std::optional<base::Duration> greylist_tolerance;
};

struct AuthenticationOptions {
  std::vector<std::string> authserv_ids;
  std::vector<std::string> required;
  std::optional<mail::AlignmentMode> alignment;
};

struct Options {
  cli::CommonOptions common;           // for both sides, as far as they are theirs
  cli::TlsOptions tls;                 // for both
  cli::CredentialOptions credentials;  // for both
  Side smtp = {.prefix = "smtp-"};
  Side imap = {.prefix = "imap-"};
  Side bounce = {.prefix = "bounce-"};     // without a user: nobody looks there
  std::optional<net::ProxyVersion> proxy;  // of the SMTP side
  std::string hello_name;                  // empty: this machine's name, if it has a domain, else its address
  MessageOptions message;
  MailboxOptions mailbox;
  StateOptions state;
  AuthenticationOptions authentication;
};

// Declares every option; `options` must outlive the table.
void declare(cli::OptionTable& table, Options& options);

// Throws plugin::UsageError.
[[nodiscard]] Options parse(std::span<char*> arguments);
// Every file that is read.
[[nodiscard]] std::vector<InputFile> input_files(const Options& options);
// Takes the secrets and reads the files; what remains of the deadline is the probe's time. Records and progress are the
// caller's. Throws plugin::UsageError.
[[nodiscard]] probe::RoundtripRequest make_request(Options& options, SecretReading& reading);
// Who is asked for DMARC records; std::nullopt: nobody, no name server was named. Throws plugin::UsageError.
[[nodiscard]] std::optional<dns::ServerRecords> record_source(const Options& options);
[[nodiscard]] Limits make_limits(const Options& options, const SecretReading& reading);

}  // namespace mailcheck::plugins::mail_roundtrip
