// Environment: the world as a probe sees it. Everything that reaches out comes in by this door, so that a test can
// bring its own; plugins/shared/system_environment.h makes the real one.
#pragma once

#include "base/clock.h"
#include "dns/resolver.h"
#include "net/dialer.h"

namespace mailcheck::probe {

struct Environment {
  const base::Clock& clock;
  dns::Resolver& resolver;
  net::Dialer& dialer;
};

}  // namespace mailcheck::probe
