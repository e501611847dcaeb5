// Input: the whole of a file, pipe or descriptor that an option names, read before anybody is connected to.
//
// Never waits past the deadline: not for the writer of a pipe (`--password-file <(pass show x)`) and not for somebody
// at a terminal. A signal that interrupts the deadline ends it at once, or within 50 ms.
//
// All throw plugin::UsageError without the option's name: cannot be opened or read, has not ended in time, too large.
#pragma once

#include <cstddef>
#include <string>

#include "base/deadline.h"
#include "base/secret.h"

namespace mailcheck::cli {

struct InputLimits {
  std::size_t size;  // bytes, whole KiB
  base::Deadline deadline;
};

[[nodiscard]] base::Secret read_file(const std::string& path, const InputLimits& limits);
// One of the caller's descriptors; it stays open.
[[nodiscard]] base::Secret read_descriptor(int descriptor, const InputLimits& limits);

}  // namespace mailcheck::cli
