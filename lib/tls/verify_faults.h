// Verify faults: OpenSSL's verification errors -> what a person calls them. A pure function of plain values.
#pragma once

#include <vector>

#include "base/clock.h"
#include "tls/certificate.h"
#include "tls/session_facts.h"

namespace mailcheck::tls {

// One call of OpenSSL's verify callback that was not content.
struct VerifyEvent {
  int error;  // X509_V_ERR_*
  int depth;  // index into the built chain
};

// One fault for each trouble: the errors that one missing issuer makes are told once. Only the leaf built and it is not
// self-signed: missing_intermediate; any other end of the chain that is not trusted: untrusted.
[[nodiscard]] std::vector<VerifyFault> classify(const std::vector<VerifyEvent>& events,
                                                const std::vector<Certificate>& built_chain, base::WallTime now);

// Most telling first: expired, not_yet_valid, name_mismatch, self_signed, missing_intermediate, untrusted,
// wrong_purpose, weak_key, weak_digest; within a kind in the order found.
void sort_by_weight(std::vector<VerifyFault>& faults);

}  // namespace mailcheck::tls
