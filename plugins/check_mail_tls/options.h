// The command line of check_mail_tls: argv -> Options, Options -> the probe's request and the judge's limits.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "cli/option_table.h"
#include "cli/tls_options.h"
#include "dns/server_records.h"
#include "plugins/check_mail_tls/judge.h"
#include "plugins/check_mail_tls/services.h"
#include "plugins/shared/secret_source.h"
#include "probe/tls_survey.h"

namespace mailcheck::plugins::mail_tls {

enum class ServerName { of_host, none };  // none: --no-sni

struct Options {
  cli::CommonOptions common;
  cli::TlsOptions tls;
  std::string protocol;  // as --protocol names it; empty: by --port
  std::string hello_name;
  std::string exchanges_of;  // --mx
  probe::Addresses addresses = probe::Addresses::first_that_answers;
  ServerName server_name = ServerName::of_host;
  std::vector<tls::KeyType> key_types;  // empty: whatever the server shows
  probe::OldVersionQuestion old_versions = probe::OldVersionQuestion::left_out;
  bool may_be_self_signed = false;
  CertificateExpectations expected;
  DaneNeed dane = DaneNeed::off;
  std::string mta_sts_domain;
};

// Declares every option; `options` must outlive the table.
void declare(cli::OptionTable& table, Options& options);

// Throws plugin::UsageError.
[[nodiscard]] Options parse(std::span<char*> arguments);
// Reads the files; what remains of the deadline is the probe's time. Throws plugin::UsageError.
[[nodiscard]] probe::TlsSurveyRequest make_request(const Options& options, SecretReading& reading);
// Who is asked for MX, TLSA and policy records. Throws plugin::UsageError.
[[nodiscard]] dns::ServerRecords record_source(const Options& options);
[[nodiscard]] Limits make_limits(const Options& options, const SecretReading& reading);

}  // namespace mailcheck::plugins::mail_tls
