// Session reader: what a handshake showed -> SessionFacts, whether it was completed or not.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "tls/session_facts.h"
#include "tls/verify_faults.h"

struct ssl_st;

namespace mailcheck::tls {

// What the session cannot tell by itself.
struct VerifyRecord {
  std::vector<VerifyEvent> events;  // as the verify callback saw them
  std::vector<std::string> names;   // the certificate must be for one of them
  base::WallTime now;
};

// The faults are sorted, the most telling first. No certificate from the server: no fault while the handshake has not
// ended, untrusted afterwards.
[[nodiscard]] SessionFacts read_session(ssl_st* session, const VerifyRecord& record);

}  // namespace mailcheck::tls
