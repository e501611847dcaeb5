// What the probes of one server have in common around their session: the secrets to mask, the deadline with its
// reserve, and the facts of the connection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/mask.h"
#include "client/connection.h"
#include "net/transcript.h"
#include "probe/encryption.h"
#include "probe/session_facts.h"
#include "sasl/credentials.h"

namespace mailcheck::probe {

// A slice of the timeout is kept for the good-bye and the output.
class Deadlines {
 public:
  Deadlines(const base::Clock& clock, base::Duration timeout);

  [[nodiscard]] base::Deadline session() const { return whole_.with_reserve(reserve_); }
  [[nodiscard]] base::Deadline good_bye() const { return whole_.at_most(reserve_); }

 private:
  base::Deadline whole_;
  base::Duration reserve_;
};

[[nodiscard]] base::Mask mask_of(const std::optional<sasl::Credentials>& credentials, const tls::ClientOptions& tls,
                                 base::Mask more = {});

// Trust and key are read, the connection is made, the PROXY header sent, and the connection secured if that is done
// before the first word.
struct Reaching {
  const client::Target& target;
  Encryption encryption;
  const tls::ClientOptions& tls;
  std::optional<net::ProxyVersion> proxy = std::nullopt;
};
[[nodiscard]] base::Result<void> reach(client::Connection& connection, const Reaching& reaching,
                                       base::Deadline deadline);

// Stops the timeline, and lets `good_bye` run where the peer waits for one: not in the middle of a step. One that hangs
// does not count.
template <typename GoodBye>
void leave(base::Timeline& timeline, const GoodBye& good_bye) {
  timeline.stop();
  if (timeline.unfinished()) return;
  good_bye();
  if (!timeline.unfinished()) timeline.stop();
}

// Addresses, TLS, steps and dialogue. Precondition: the timeline is stopped.
void collect(const client::Connection& connection, const base::Timeline& timeline, const net::Transcript& transcript,
             SessionFacts& facts);

// A hostile or careless server may echo what we sent: nothing of it leaves the probe.
void mask_words(const base::Mask& mask, SessionFacts& facts);
void mask_words(const base::Mask& mask, base::Error& error);
void mask_words(const base::Mask& mask, std::vector<std::string>& texts);

}  // namespace mailcheck::probe
