// The verdict of check_mail_tls: facts of a survey and a user's limits -> report. A pure function.
#pragma once

#include <string>
#include <vector>

#include "plugin/report.h"
#include "plugin/thresholds.h"
#include "plugins/shared/findings.h"
#include "probe/tls_survey_facts.h"

namespace mailcheck::plugins::mail_tls {

// What the command line expects of the certificate. Digests: see tls/certificate.h for their forms.
struct CertificateExpectations {
  std::vector<std::string> pins;          // of the public key; any of them; empty: anything
  std::vector<std::string> fingerprints;  // of the certificate; any of them
  std::string issuer;                     // must occur in the issuer's name; empty: anything
  bool needs_staple = false;
};

enum class DaneNeed { off, if_present, required };

struct Limits {
  plugin::Thresholds thresholds;
  Findings findings;
  std::string service;  // "smtp", for the words
  tls::Version minimum_version = tls::Version::tls1_2;
  CertificateExpectations expected;
  DaneNeed dane = DaneNeed::off;
  std::vector<std::string> readable_secret_files;
};

[[nodiscard]] plugin::Report judge(const probe::TlsSurveyFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::mail_tls
