// DmarcRecord: what a domain says at _dmarc.DOMAIN (RFC 9989 sections 4.7 and 4.8, which replaces RFC 7489).
//
// "v=DMARC1" must come first, in this case, blanks around "=" allowed; all else is in any order, and names and values
// are case-blind. Unknown tags are ignored. A value that is not valid, or whose tag is repeated, counts for its
// default; but a fault of p, sp or np makes all three "none", and without an address for reports DMARC does not apply
// at all.
//
// The rules of policy/tagged_record.h (MTA-STS, TLS-RPT) are others: there a fault makes the whole record bad, two
// records are a fault rather than none, and version and names are compared to the letter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/record_source.h"

namespace mailcheck::authentication {

struct DmarcRecord {
  enum class Psd {
    unstated,
    yes,  // this is a public suffix domain
    no,   // this is the organizational domain of all below
  };
  // "none", "quarantine" or "reject"
  std::string policy = "none";              // p: of the domain itself
  std::string subdomain_policy = "none";    // sp, else p: of a domain below that exists
  std::string nonexistent_policy = "none";  // np, else sp, else p: of a domain below that does not
  bool is_applicable = true;                // false: DMARC does not apply; see `fault`
  std::string fault = {};                   // of p, sp or np, as in: has no valid "p"
  std::string adkim = "r";                  // alignment: "r" or "s"
  std::string aspf = "r";
  bool is_testing = false;  // t=y
  Psd psd = Psd::unstated;
  std::vector<std::string> rua = {};  // "mailto:dmarc@example.org": untrusted, printable ASCII; no size limit ("!10m")
};

// One TXT record. std::nullopt: it is none of DMARC's.
[[nodiscard]] std::optional<DmarcRecord> read_dmarc_record(std::string_view text);

struct DmarcLookup {
  enum class Status {
    found,
    absent,  // there is none, or there are several (then none counts: see `detail`)
    failed,  // the look-up failed, or nobody answered
  };
  Status status = Status::absent;
  DmarcRecord record = {};  // of found
  std::string detail = {};  // of failed, and of several: one clause without a final full stop
};

// What the answer about the TXT records of `name` ("_dmarc.example.org") amounts to.
[[nodiscard]] DmarcLookup find_dmarc_record(const dns::RecordSet& answer, const std::string& name);

}  // namespace mailcheck::authentication
