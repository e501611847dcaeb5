// Received: the stamps that mail servers put on top of a message (RFC 5321 section 4.4) -> the way it took.
//
// Shapes known: Postfix, Exim, Dovecot's LMTP, Exchange, Gmail, qmail (no "by", "(qmail 1 invoked by uid 2)"), and the
// grammar's own. Whatever cannot be read in a stamp is empty; the stamp still counts as a hop, for a server put it
// there.
//
// Everything is what servers said of themselves and of each other, untrusted: "from" is the name a client gave in its
// EHLO. Clocks differ between servers, so a duration that would be negative is zero and noted as skew.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "mail/header_section.h"

namespace mailcheck::mail {

struct ReceivedHop {
  std::string from = {};  // who gave the message; empty: the server made it itself, or does not say
  std::string by = {};    // who took it
  std::optional<base::WallTime> time = {};
};

// From one server that gave a time to the next that did.
struct HopDelay {
  std::string from = {};
  std::string by = {};
  std::chrono::seconds duration{0};  // never negative
  std::chrono::seconds skew{0};      // how far the second clock is behind the first; 0: it is not
};

struct DeliveryPath {
  std::vector<ReceivedHop> hops = {};    // in order of travel
  std::vector<HopDelay> delays = {};     // in order of travel
  std::optional<HopDelay> slowest = {};  // the first of the longest; none: fewer than two stamps had a time
  bool has_skew = false;
};

// From the value of one Received field.
[[nodiscard]] ReceivedHop parse_received(std::string_view value);
[[nodiscard]] DeliveryPath read_delivery_path(const HeaderSection& header);

}  // namespace mailcheck::mail
