// SessionFacts: what every probe of a single server has to tell, as plain values. Text of the server is masked (no
// secrets) and otherwise as received.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/timeline.h"
#include "tls/session_facts.h"

namespace mailcheck::probe {

struct FailedAddress {
  std::string address;
  std::string reason;
};

struct SessionFacts {
  std::string host;
  std::uint16_t port = 0;
  std::string address;  // that was used; empty if none was reached
  std::vector<FailedAddress> failed_addresses;
  std::vector<base::Timeline::Step> steps;     // finished ones, in order of time
  std::optional<base::Stage> unfinished_step;  // that was under way when the session ended, so that it has no duration
  base::Duration total{};                      // to the end of the last step, without a good-bye that was not answered
  base::WallTime now{};                        // when the probe looked: ages and certificate days count from here
  std::optional<base::Error> error;            // what ended the session early
  std::optional<tls::SessionFacts> tls;
  std::string reply_code;      // of the server's last reply: "NO"; "535"
  std::string reply_enhanced;  // its response code or enhanced status code: "AUTHENTICATIONFAILED"; "5.7.8"
  std::string reply_text;
  std::vector<std::string> dialogue;  // masked; empty unless asked for
};

}  // namespace mailcheck::probe
