#include "plugins/shared/system_environment.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/deadline.h"
#include "dns/server_resolver.h"
#include "dns/system_resolver.h"
#include "net/wait.h"
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

probe::Environment SystemEnvironment::get() {
  // in slices, so that SIGTERM ends it
  return {.clock = clock_, .resolver = *resolver_, .dialer = dialer_, .sleep = [](base::Deadline until) {
            (void)net::wait_for({}, until);
          }};
}

namespace {

// A socket must not become standard output: what is missing is opened, for reading, so that writing still fails.
void fill_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) (void)::open("/dev/null", O_RDONLY);
  }
}

}  // namespace

void set_up_process() {
  fill_standard_descriptors();
  struct sigaction action {};
  action.sa_handler = [](int) { base::Deadline::interrupt(); };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  sigaction(SIGXFSZ, &action, nullptr);  // write() says EFBIG then
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace mailcheck::plugins
