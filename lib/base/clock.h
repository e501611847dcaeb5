// Clock: the only door through which time comes in. Rooms take a Clock&; tests bring one that moves when told.
#pragma once

#include <chrono>

namespace mailcheck::base {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;
using WallTime = std::chrono::sys_seconds;

class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic; for deadlines and step times.
  [[nodiscard]] virtual TimePoint now() const = 0;
  // Wall clock; for ages of messages and certificate days only.
  [[nodiscard]] virtual WallTime wall() const = 0;
};

class SystemClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall() const override {
    return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  }
};

// Seconds as the double that perfdata and JSON print.
[[nodiscard]] inline double to_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace mailcheck::base
