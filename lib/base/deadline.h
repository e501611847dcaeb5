// Deadline: one point in time that every wait of a run is handed. It only ever shrinks on its way down.
// SIGTERM and SIGINT mean "the deadline is now": interrupt() makes every Deadline of the process expired.
#pragma once

#include <algorithm>
#include <atomic>

#include "base/clock.h"

namespace mailcheck::base {

class Deadline {
 public:
  Deadline(const Clock& clock, Duration from_now) : clock_(&clock), at_(clock.now() + from_now) {}

  // Time left, never negative; zero once interrupted.
  [[nodiscard]] Duration remaining() const {
    if (interrupted_.load(std::memory_order_relaxed)) return Duration::zero();
    return std::max(Duration::zero(), Duration(at_ - clock_->now()));
  }
  [[nodiscard]] bool has_expired() const { return remaining() == Duration::zero(); }

  // The earlier of this deadline and now + limit.
  [[nodiscard]] Deadline at_most(Duration limit) const {
    Deadline result = *this;
    result.at_ = std::min(at_, clock_->now() + limit);
    return result;
  }
  // This deadline, earlier by a slice kept for clean-up and output.
  [[nodiscard]] Deadline with_reserve(Duration slice) const {
    Deadline result = *this;
    result.at_ = at_ - slice;
    return result;
  }
  [[nodiscard]] const Clock& clock() const { return *clock_; }

  // Async-signal-safe.
  static void interrupt() { interrupted_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] static bool is_interrupted() { return interrupted_.load(std::memory_order_relaxed); }

 private:
  const Clock* clock_;
  TimePoint at_;
  static inline std::atomic<bool> interrupted_{false};
};

}  // namespace mailcheck::base
