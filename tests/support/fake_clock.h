// FakeClock: time that moves only when told.
#pragma once

#include "base/clock.h"

namespace mailcheck::test {

class FakeClock : public base::Clock {
 public:
  [[nodiscard]] base::TimePoint now() const override { return now_; }
  [[nodiscard]] base::WallTime wall() const override { return wall_; }
  void advance(base::Duration by) { now_ += by; }
  void set_wall(base::WallTime wall) { wall_ = wall; }

 private:
  base::TimePoint now_{std::chrono::hours(1)};
  base::WallTime wall_{std::chrono::sys_days(std::chrono::year(2026) / 6 / 15)};
};

}  // namespace mailcheck::test
