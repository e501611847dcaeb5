// RecordSource: DNS records of any type, with their security status, before a deadline. An interface, so that tests
// bring their own answers.
//
// is_secure is the AD bit of the answer: the resolver says that it has validated all of it (aliases, records, denial)
// by DNSSEC (RFC 4035 section 3.2.3). That is worth as much as the way to the resolver: is_on_loopback.
//
// Implementations: dns/server_records.h, tests/support/fake_records.h.
#pragma once

#include <string>
#include <vector>

#include "base/deadline.h"
#include "dns/record_type.h"

namespace mailcheck::dns {

enum class LookupOutcome {
  found,
  no_record,    // the name exists, such a record does not
  no_name,      // NXDOMAIN
  failed,       // SERVFAIL (so a validating resolver says "bogus", too), a malformed answer, too many records
  silent,       // no answer in time
  unreachable,  // the server refuses the connection, or the question (REFUSED)
};

[[nodiscard]] constexpr bool is_answer(LookupOutcome outcome) {
  return outcome == LookupOutcome::found || outcome == LookupOutcome::no_record || outcome == LookupOutcome::no_name;
}

struct RecordSet {
  LookupOutcome outcome = LookupOutcome::failed;
  bool is_secure = false;              // of found, no_record and no_name
  std::string canonical_name = {};     // where the aliases lead, else the name asked for; no final full stop
  std::vector<std::string> data = {};  // rdata, names inside uncompressed (dns/record_data.h reads it); at most 64
  std::string detail = {};             // of all that are no answer: one clause without a final full stop
};

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  // Aliases are followed, but for a question about CNAME itself. The name is absolute; with or without final full stop.
  // Never outlives the deadline.
  [[nodiscard]] virtual RecordSet records(const std::string& name, RecordType type, base::Deadline deadline) = 0;
  // All servers that may answer are on this machine, so that nobody on the way can have set the AD bit.
  [[nodiscard]] virtual bool is_on_loopback() const = 0;
  // Who is asked, as in "name server 127.0.0.1 port 53".
  [[nodiscard]] virtual std::string name() const = 0;
};

}  // namespace mailcheck::dns
