// MtaSts: what a domain demands of whoever sends mail to it (RFC 8461): its TXT record, and the policy behind it,
// fetched as a sender would that has none in its cache.
//
// TXT at _mta-sts.DOMAIN -> addresses of mta-sts.DOMAIN -> GET https://mta-sts.DOMAIN/.well-known/mta-sts.txt.
// Redirects are not followed, only 200 with text/plain counts (section 3.3). Whether a host may be used is said by
// matches() of policy/host_pattern.h, with each of `mx`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dns/record_source.h"
#include "dns/resolver.h"
#include "http/fetcher.h"

namespace mailcheck::policy {

struct MtaStsFacts {
  std::string domain = {};
  enum class Status {
    valid,
    no_record,      // the domain has no MTA-STS
    bad_record,     // several TXT records, or one that cannot be read
    unreachable,    // no address, no connection, a bad certificate, an HTTP status other than 200
    bad_policy,     // fetched, but not text/plain or with faults
    lookup_failed,  // the TXT record: SERVFAIL and the like, or no answer
    not_fetched,    // this machine cannot: a part of the package is missing
  };
  Status status = Status::no_record;
  std::string detail = {};  // of all but valid: one clause without a final full stop; names what is untrusted
  // Of the TXT record.
  std::string id = {};
  // Of the policy, as far as it could be read.
  std::string mode = {};  // "enforce", "testing", "none"
  std::uint64_t max_age = 0;
  std::vector<std::string> mx = {};
  std::vector<std::string> remarks = {};  // unknown and repeated keys
};

// Everything that is asked.
struct MtaStsSources {
  dns::RecordSource& records;  // for TXT
  dns::Resolver& resolver;     // for the addresses of the policy host
  http::Fetcher& fetcher;
  std::string ca_file = {};  // as in http::Request
  std::string ca_path = {};
  std::uint16_t port = 443;
};

// The domain is in ASCII, with or without a final full stop.
[[nodiscard]] MtaStsFacts fetch_mta_sts(const std::string& domain, const MtaStsSources& sources,
                                        base::Deadline deadline);

}  // namespace mailcheck::policy
