// SystemEnvironment: the real world for a probe: system clock, system or named resolver, TCP, sleep. Also what a
// process has to set up once: SIGTERM and SIGINT mean "the deadline is now", SIGPIPE and SIGXFSZ are ignored: write()
// fails instead; no core is dumped while secrets are in memory.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "net/tcp_dialer.h"
#include "probe/environment.h"

namespace mailcheck::plugins {

class SystemEnvironment {
 public:
  // `resolver` is "ADDRESS[:PORT]", or empty for the system's. Throws plugin::UsageError if it cannot be used.
  explicit SystemEnvironment(const std::string& resolver);
  [[nodiscard]] probe::Environment get();

 private:
  base::SystemClock clock_;
  std::unique_ptr<dns::Resolver> resolver_;
  net::TcpDialer dialer_;
};

void set_up_process();

}  // namespace mailcheck::plugins
