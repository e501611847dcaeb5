#include "net/wait.h"

#include <algorithm>
#include <chrono>
#include <system_error>

#include "base/ascii.h"

namespace mailcheck::net {
namespace {

// A signal that comes just before poll() does not interrupt it, so that no poll() may last long.
constexpr base::Duration kSlice = std::chrono::milliseconds(50);

int in_milliseconds(base::Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

}  // namespace

bool wait_for(std::span<pollfd> descriptors, base::Deadline deadline) {
  for (;;) {
    const base::Duration remaining = deadline.remaining();
    if (remaining == base::Duration::zero()) return false;
    const int ready = poll(descriptors.data(), descriptors.size(), in_milliseconds(std::min(remaining, kSlice)));
    if (ready > 0) return true;  // failures other than EINTR are short of memory: tried again until the deadline
  }
}

std::string describe_system_error(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty()) text.front() = base::to_lower(text.front());
  return text;
}

}  // namespace mailcheck::net
