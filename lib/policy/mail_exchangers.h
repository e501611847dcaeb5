// MailExchangers: where mail for a domain goes (RFC 5321 section 5.1, RFC 7505), and whether DNSSEC says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dns/record_source.h"

namespace mailcheck::policy {

struct MailExchanger {
  std::uint16_t preference = 0;
  std::string host;  // letters, digits, hyphens, underscores and full stops; no final one
};

struct MailExchangers {
  enum class Status {
    found,        // MX records; those of use are in `hosts` (may be none: see `malformed`)
    implicit_mx,  // no MX record, but an address: the domain itself is the one host
    null_mx,      // "MX 0 .": the domain takes no mail
    absent,       // no such domain, or neither MX record nor address
    bogus,        // SERVFAIL and the like: the validating resolver refuses, or cannot say
    silent,       // no answer in time
    unreachable,  // nobody could be asked
  };
  Status status = Status::absent;
  // The records, or their denial, are secured by DNSSEC. (Of the address behind an implicit MX this says nothing: that
  // is looked up again by whoever connects there.)
  bool is_secure = false;
  std::string domain = {};
  std::vector<MailExchanger> hosts = {};    // by preference, then by name; each name once; at most 64
  std::string detail = {};                  // of all but found and implicit_mx: one clause without a final full stop
  std::vector<std::string> malformed = {};  // records that lead nowhere, in words
};

// The domain is in ASCII, with or without a final full stop.
[[nodiscard]] MailExchangers look_up_mail_exchangers(const std::string& domain, dns::RecordSource& source,
                                                     base::Deadline deadline);

}  // namespace mailcheck::policy
