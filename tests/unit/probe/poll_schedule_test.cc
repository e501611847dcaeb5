#include "probe/poll_schedule.h"

#include <vector>

#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::probe;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Idle = PollSchedule::Idle;

constexpr base::Duration kLater = seconds(2);

std::vector<long long> lengths(PollSchedule& schedule, int count) {
  std::vector<long long> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(std::chrono::duration_cast<milliseconds>(schedule.next(kLater).length).count());
  }
  return all;
}

}  // namespace

TEST_CASE("poll schedule: close looks for two seconds") {
  PollSchedule schedule({}, Idle::offered);
  for (const milliseconds elapsed : {milliseconds(0), milliseconds(60), milliseconds(99)}) {
    CHECK(schedule.next(elapsed).length == milliseconds(50));
  }
  for (const milliseconds elapsed : {milliseconds(100), milliseconds(900), milliseconds(1999)}) {
    const Pause pause = schedule.next(elapsed);
    CHECK(pause.length == milliseconds(100));
    CHECK(pause.how == Pause::How::silent);
  }
}

TEST_CASE("poll schedule: then IDLE, the first round of it short") {
  PollSchedule schedule({}, Idle::offered);
  const Pause first = schedule.next(kLater);
  CHECK(first.how == Pause::How::idle);
  CHECK(first.length == seconds(1));
  CHECK(lengths(schedule, 3) == std::vector<long long>{5000, 5000, 5000});
}

TEST_CASE("poll schedule: without IDLE the looks get rarer, up to every five seconds") {
  PollSchedule schedule({}, Idle::not_offered);
  CHECK(lengths(schedule, 6) == std::vector<long long>{1000, 2000, 3000, 4000, 5000, 5000});
  CHECK(schedule.next(kLater).how == Pause::How::silent);
}

TEST_CASE("poll schedule: IDLE that is refused is not tried again") {
  PollSchedule schedule({}, Idle::offered);
  CHECK(schedule.next(kLater).how == Pause::How::idle);
  schedule.give_up_idle();
  CHECK(schedule.next(kLater).how == Pause::How::silent);
}

TEST_CASE("poll schedule: --poll idle waits in IDLE from the start, if there is one") {
  PollSchedule offered({.how = Poll::How::idle}, Idle::offered);
  CHECK(offered.next(seconds(0)).how == Pause::How::idle);
  PollSchedule absent({.how = Poll::How::idle}, Idle::not_offered);
  CHECK(absent.next(seconds(0)).length == milliseconds(50));
}

TEST_CASE("poll schedule: --poll SECONDS is that, and nothing else") {
  PollSchedule schedule({.how = Poll::How::every, .interval = milliseconds(1500)}, Idle::offered);
  for (int i = 0; i < 3; ++i) {
    const Pause pause = schedule.next(seconds(i));
    CHECK(pause.how == Pause::How::silent);
    CHECK(pause.length == milliseconds(1500));
  }
}
