// Stream: bytes in and out before a deadline. Plain and TLS streams look alike (tcp_stream.h, secure_stream.h);
// tests bring one that plays from memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/deadline.h"
#include "base/error.h"

namespace mailcheck::net {

class Stream {
 public:
  virtual ~Stream() = default;
  // Waits for bytes and reads at most buffer.size() of them. 0 means the peer closed in an orderly way.
  // Errors (stage is left as Stage::connect; the caller, who knows the step, sets it): timeout, connection_lost
  // (reset).
  [[nodiscard]] virtual base::Result<std::size_t> read(std::span<char> buffer, base::Deadline deadline) = 0;
  // Writes all of it. Errors: as for read.
  [[nodiscard]] virtual base::Result<void> write(std::string_view bytes, base::Deadline deadline) = 0;
};

}  // namespace mailcheck::net
