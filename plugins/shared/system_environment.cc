#include "plugins/shared/system_environment.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/deadline.h"
#include "dns/server_resolver.h"
#include "dns/system_resolver.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugins {

SystemEnvironment::SystemEnvironment(const std::string& resolver) {
  if (resolver.empty()) {
    resolver_ = std::make_unique<dns::SystemResolver>();
    return;
  }
  auto parsed = dns::ServerResolver::parse(resolver);
  if (!parsed) throw plugin::UsageError{fmt::format("--resolver: {}", parsed.error().detail)};
  resolver_ = std::make_unique<dns::ServerResolver>(std::move(*parsed));
}

void set_up_process() {
  struct sigaction action {};
  action.sa_handler = [](int) { base::Deadline::interrupt(); };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace mailcheck::plugins
