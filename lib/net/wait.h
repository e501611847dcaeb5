// Waiting for sockets, and the words for what the system says of them.
#pragma once

#include <poll.h>

#include <span>
#include <string>

#include "base/deadline.h"

namespace mailcheck::net {

// Waits until one of the descriptors is ready (then true; revents are set) or the deadline has passed (false). A signal
// that interrupts the deadline is noticed at once; threads of other rooms must not take it (block it in them).
[[nodiscard]] bool wait_for(std::span<pollfd> descriptors, base::Deadline deadline);

// errno in words: "connection refused", "no route to host".
[[nodiscard]] std::string describe_system_error(int error);

}  // namespace mailcheck::net
