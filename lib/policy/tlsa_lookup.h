// TlsaLookup: the TLSA records that a mail client has to heed for one port of one host (RFC 7672 section 2.2, RFC 7671
// section 7), and why there are none.
//
// Without secure addresses nothing is asked: the records could not be trusted to be about whoever answers there. One
// exception (RFC 7672 section 2.1.3): a host that is an alias out of a signed zone into an unsigned one; if the alias
// itself is secure, the records at the host's own name count. An alias that is secure all the way is asked for at its
// end first, then at the host. A record whose owner is an alias itself (_25._tcp.mail CNAME ...) is followed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dns/record_source.h"
#include "tls/tlsa.h"

namespace mailcheck::policy {

// What is known of the host's addresses, by the same source (dns/secure_resolver.h).
struct AddressFacts {
  bool is_given = false;       // by hand (--address): counts as secure, and no alias is known
  bool is_secure = false;      //
  std::string canonical_name;  // where the host's aliases lead; empty or the host itself: it has none
};

struct TlsaAnswer {
  enum class Status {
    found,     // secure records, of which some may be malformed
    absent,    // a secure answer: there are none
    insecure,  // addresses, records or denial without DNSSEC: nothing to heed
    bogus,     // SERVFAIL and the like: the validating resolver refuses, or cannot say
    silent,    // no answer in time, or nobody could be asked
  };
  Status status = Status::absent;
  std::vector<tls::Tlsa> records = {};      // in the order of the answer
  std::string owner = {};                   // the name last asked for: "_25._tcp.mail.example.org"
  std::string base = {};                    // the name whose certificate is meant (TLSA base domain)
  std::string detail = {};                  // of all but found: one clause without a final full stop
  std::vector<std::string> malformed = {};  // what cannot be a TLSA record, in words
};

// The host is in ASCII, with or without a final full stop. Of a numeric host: absent.
[[nodiscard]] TlsaAnswer look_up_tlsa(const std::string& host, std::uint16_t port, const AddressFacts& addresses,
                                      dns::RecordSource& source, base::Deadline deadline);

}  // namespace mailcheck::policy
