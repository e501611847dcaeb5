// Timeline: how long each finished step of a session took. Facts only: no thresholds, no units but nanoseconds.
//
// A step that is begun and not finished has no duration (it is absent from steps(), never zero). A step done more than
// once is one entry with the sum, at the place of its first.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/stage.h"

namespace mailcheck::base {

class Timeline {
 public:
  struct Step {
    Stage stage;
    Duration duration;
  };

  explicit Timeline(const Clock& clock) : clock_(&clock), start_(clock.now()) {}

  void begin(Stage stage) {
    open_ = stage;
    opened_at_ = clock_->now();
    if (observer_) observer_(stage);
  }
  // Ends the step begun last. Nothing happens if none is open.
  void finish();
  // Adds a step whose duration was measured elsewhere (by the dialer).
  void add(Stage stage, Duration duration);
  // Is told of every step as it begins, for a running display.
  void observe(std::function<void(Stage)> observer) { observer_ = std::move(observer); }
  // Ends the whole: total() stands still from here on.
  void stop() { total_ = clock_->now() - start_; }

  // The step that was begun and has not ended: the one that is under way, failed or was interrupted.
  [[nodiscard]] std::optional<Stage> unfinished() const { return open_; }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] Duration total() const { return total_.value_or(clock_->now() - start_); }

 private:
  const Clock* clock_;
  TimePoint start_;
  TimePoint opened_at_{};
  std::optional<Stage> open_;
  std::optional<Duration> total_;
  std::vector<Step> steps_;
  std::function<void(Stage)> observer_;
};

}  // namespace mailcheck::base
