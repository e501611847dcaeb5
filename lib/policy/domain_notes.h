// DomainNotes: two things a mail domain may publish beside MX, TLSA and MTA-STS: where senders shall report TLS
// failures (TLS-RPT, RFC 8460), and which authorities may issue certificates for a host (CAA, RFC 8659).
#pragma once

#include <string>
#include <vector>

#include "dns/record_data.h"
#include "dns/record_source.h"

namespace mailcheck::policy {

struct TlsRpt {
  enum class Status {
    valid,
    no_record,
    bad_record,     // several TXT records, one that cannot be read, no rua, or a rua that is neither mailto: nor https:
    lookup_failed,  // SERVFAIL and the like, or no answer
  };
  Status status = Status::no_record;
  std::vector<std::string> rua = {};  // "mailto:tls@example.org", "https://...": untrusted, printable ASCII
  std::string detail = {};            // of all but valid: one clause without a final full stop
};

// TXT at _smtp._tls.DOMAIN. The domain is in ASCII, with or without a final full stop.
[[nodiscard]] TlsRpt look_up_tls_rpt(const std::string& domain, dns::RecordSource& source, base::Deadline deadline);

struct Caa {
  enum class Status {
    found,
    absent,         // any authority may issue
    lookup_failed,  // SERVFAIL and the like, no answer, a malformed record, or given up after 10 names
  };
  Status status = Status::absent;
  std::string name = {};                                  // where the records were found, at the host or above it
  bool is_secure = false;                                 // of found: by DNSSEC
  std::vector<dns::CertificationAuthority> records = {};  // tags and values are untrusted, of any bytes
  std::string detail = {};                                // of all but found: one clause without a final full stop
};

// The host's CAA records, or those of the nearest name above it that has some (RFC 8659 section 3); never the root's.
[[nodiscard]] Caa look_up_caa(const std::string& host, dns::RecordSource& source, base::Deadline deadline);

}  // namespace mailcheck::policy
