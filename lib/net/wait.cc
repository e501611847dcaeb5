#include "net/wait.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <system_error>

#include "base/ascii.h"

namespace mailcheck::net {
namespace {

// A signal that another thread got does not wake this one.
constexpr base::Duration kSlice = std::chrono::seconds(1);

// Holds the signals that end a run. ppoll() lets them in while it waits, so that none comes just before it, unnoticed.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  [[nodiscard]] const sigset_t& before() const { return before_; }

 private:
  sigset_t before_{};
};

timespec to_timespec(base::Duration duration) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(duration);
  const auto rest = std::chrono::ceil<std::chrono::nanoseconds>(duration - whole);
  return {.tv_sec = static_cast<time_t>(whole.count()), .tv_nsec = static_cast<long>(rest.count())};
}

}  // namespace

bool wait_for(std::span<pollfd> descriptors, base::Deadline deadline) {
  const HeldSignals held;
  for (;;) {
    const base::Duration remaining = deadline.remaining();
    if (remaining == base::Duration::zero()) return false;
    const timespec length = to_timespec(std::min(remaining, kSlice));
    const int ready = ppoll(descriptors.data(), descriptors.size(), &length, &held.before());
    if (ready > 0) return true;  // failures other than EINTR are short of memory: tried again until the deadline
  }
}

std::string describe_system_error(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text.front() = base::to_lower(text.front());
  return text;
}

}  // namespace mailcheck::net
