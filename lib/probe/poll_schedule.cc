#include "probe/poll_schedule.h"

#include <algorithm>

namespace mailcheck::probe {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Duration kClosely = seconds(2);
constexpr base::Duration kVeryClosely = milliseconds(100);
constexpr base::Duration kFirstIdle = seconds(1);  // a message may have come just before it began
constexpr base::Duration kIdle = seconds(5);
constexpr base::Duration kLongestPause = seconds(5);

}  // namespace

Pause PollSchedule::next(base::Duration elapsed) {
  if (poll_.how == Poll::How::every) return {Pause::How::silent, poll_.interval};
  const bool looks_closely = poll_.how == Poll::How::automatic || idle_ == Idle::not_offered;
  if (looks_closely && elapsed < kClosely) {
    return {Pause::How::silent, milliseconds(elapsed < kVeryClosely ? 50 : 100)};
  }
  const unsigned round = waits_++;
  if (idle_ == Idle::not_offered) {
    return {Pause::How::silent, std::min<base::Duration>(kLongestPause, seconds(round + 1))};
  }
  return {Pause::How::idle, round == 0 ? kFirstIdle : kIdle};
}

}  // namespace mailcheck::probe
