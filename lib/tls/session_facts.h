// SessionFacts: what one TLS handshake showed, as plain values. Nothing here judges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "tls/certificate.h"
#include "tls/survey_facts.h"

namespace mailcheck::tls {

// One reason why the peer's certificate was not accepted: kind is one of untrusted, missing_intermediate, self_signed,
// name_mismatch, expired, not_yet_valid, wrong_purpose, weak_key, weak_digest.
struct VerifyFault {
  base::ErrorKind kind;
  std::string detail;  // "certificate ended 2026-11-16 (5 days ago)", "certificate is for mail.example.test, not
                       // imap.example.test"
};

struct SessionFacts {
  std::string version;                      // "TLSv1.3"
  std::string cipher;                       // "TLS_AES_256_GCM_SHA384"
  std::string group;                        // key exchange group, "X25519"; empty if unknown
  std::vector<Certificate> sent_chain;      // as the server sent it, leaf first
  std::vector<Certificate> verified_chain;  // as it was built, leaf first; up to where building ended
  std::vector<VerifyFault> faults;          // empty: trusted, in time, and for this host name
  std::optional<SurveyFacts> survey;        // profile survey, once the handshake is done
};

}  // namespace mailcheck::tls
