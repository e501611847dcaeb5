// SecureResolver: A and AAAA records through a RecordSource, so that their security status is known. For DANE, which
// needs addresses and TLSA records from the same validating resolver (RFC 7672 section 2.2).
//
// Asks for AAAA first, then A (Family::any), and gives addresses, their order and errors as ServerResolver does. A
// numeric host is answered without a look-up, and is not secure: nothing was proven about it.
#pragma once

#include <string>

#include "dns/record_source.h"
#include "dns/resolver.h"

namespace mailcheck::dns {

class SecureResolver : public Resolver {
 public:
  // The source has to outlive it.
  explicit SecureResolver(RecordSource& source) : source_(source) {}

  [[nodiscard]] base::Result<std::vector<Address>> addresses(const std::string& host, Family family,
                                                             base::Deadline deadline) override;

  // About the last call of addresses(): every answer that gave addresses was secure.
  [[nodiscard]] bool is_secure() const { return is_secure_; }
  // What stood in the way of finding any: of the first question that failed; found: nothing did.
  [[nodiscard]] LookupOutcome outcome() const { return outcome_; }
  // And where the aliases of that host lead; the host itself if it has none, or nothing was found.
  [[nodiscard]] const std::string& canonical_name() const { return canonical_name_; }

 private:
  [[nodiscard]] base::Error nothing_of(const std::string& host, Family family, base::Deadline deadline);

  RecordSource& source_;
  bool is_secure_ = false;
  LookupOutcome outcome_ = LookupOutcome::found;
  std::string canonical_name_;
};

}  // namespace mailcheck::dns
