#include "base/timeline.h"

#include <algorithm>

namespace mailcheck::base {

void Timeline::finish() {
  if (!open_) return;
  add(*open_, clock_->now() - opened_at_);
  open_.reset();
}

void Timeline::add(Stage stage, Duration duration) {
  const auto known = std::find_if(steps_.begin(), steps_.end(), [stage](const Step& s) { return s.stage == stage; });
  if (known == steps_.end()) {
    steps_.push_back({stage, duration});
  } else {
    known->duration += duration;
  }
}

}  // namespace mailcheck::base
