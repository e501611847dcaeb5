#include "base/deadline.h"

#include <sys/wait.h>
#include <unistd.h>

#include "support/catch2.h"
#include "support/fake_clock.h"

using mailcheck::base::Deadline;
using mailcheck::test::FakeClock;
using namespace std::chrono_literals;

TEST_CASE("a deadline comes nearer as its clock goes on, and is never past") {
  FakeClock clock;
  const Deadline deadline(clock, 10s);
  CHECK(deadline.remaining() == 10s);
  CHECK(&deadline.clock() == &clock);
  clock.advance(9999ms);
  CHECK(deadline.remaining() == 1ms);
  CHECK_FALSE(deadline.has_expired());
  clock.advance(1ms);
  CHECK(deadline.has_expired());
  clock.advance(1s);
  CHECK(deadline.remaining() == 0s);
  CHECK(deadline.has_expired());
}

TEST_CASE("a deadline that is handed down only shrinks") {
  FakeClock clock;
  const Deadline deadline(clock, 10s);
  CHECK(deadline.at_most(2s).remaining() == 2s);
  CHECK(deadline.at_most(60s).remaining() == 10s);
  CHECK(deadline.at_most(0s).has_expired());
  CHECK(deadline.with_reserve(2s).remaining() == 8s);
  CHECK(deadline.with_reserve(20s).has_expired());
  CHECK(deadline.with_reserve(2s).at_most(60s).remaining() == 8s);
  clock.advance(5s);
  CHECK(deadline.at_most(2s).remaining() == 2s);  // counted from now on
  CHECK(deadline.with_reserve(2s).remaining() == 3s);
}

TEST_CASE("an interruption makes every deadline of the process expired, old and new") {
  // in a process of its own, since nothing takes it back
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    FakeClock clock;
    const Deadline before(clock, 10s);
    const bool was_running = !before.has_expired() && !Deadline::is_interrupted();
    Deadline::interrupt();
    const bool is_over = before.has_expired() && Deadline(clock, 10s).has_expired() && Deadline::is_interrupted();
    _exit(was_running && is_over ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK_FALSE(Deadline::is_interrupted());
}
