// Environment: the world as a probe sees it. Everything that reaches out comes in by this door, so that a test can
// bring its own; plugins/shared/system_environment.h makes the real one.
#pragma once

#include <functional>

#include "base/clock.h"
#include "base/deadline.h"
#include "dns/resolver.h"
#include "net/dialer.h"

namespace mailcheck::probe {

struct Environment {
  const base::Clock& clock;
  dns::Resolver& resolver;
  net::Dialer& dialer;
  // Waits, no longer than the deadline. None: nobody waits.
  std::function<void(base::Deadline)> sleep = {};
};

}  // namespace mailcheck::probe
