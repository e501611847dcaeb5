#include "ledger/file_lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "tests/support/catch2.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/ledger/scratch_folder.h"

using namespace mailcheck;
using namespace std::chrono_literals;
using base::Deadline;
using ledger::FileLock;
using ledger::StateFolder;
using test::ScratchFolder;

namespace {

struct Scene {
  ScratchFolder scratch;
  StateFolder folder = StateFolder::open(scratch.path()).value();
  base::SystemClock clock;

  [[nodiscard]] base::Result<FileLock> take(base::Duration within) const {
    return FileLock::take(folder, "check", Deadline(clock, within));
  }
};

// A process that holds the lock until it is released or killed.
class Holder {
 public:
  explicit Holder(const Scene& scene) {
    if (::pipe(ready_) != 0) throw std::runtime_error("pipe failed");
    child_ = ::fork();
    if (child_ == 0) {
      const auto lock = scene.take(1s);
      (void)!::write(ready_[1], lock ? "y" : "n", 1);
      for (;;) ::pause();
    }
    char answer = 'n';
    REQUIRE(::read(ready_[0], &answer, 1) == 1);
    REQUIRE(answer == 'y');
  }
  ~Holder() { kill(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  void kill() {
    if (child_ <= 0) return;
    (void)::kill(child_, SIGKILL);
    (void)::waitpid(child_, nullptr, 0);
    (void)::close(ready_[0]);
    (void)::close(ready_[1]);
    child_ = 0;
  }

 private:
  int ready_[2] = {};
  pid_t child_ = 0;
};

}  // namespace

TEST_CASE("a free lock is taken at once, even at the last moment, and the file stays") {
  const Scene scene;
  for (int run = 0; run < 2; ++run) {
    CHECK(scene.take(0s).has_value());
    CHECK(scene.scratch.has("check.lock"));
  }
  struct stat status {};
  REQUIRE(::stat((scene.scratch / "check.lock").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0600U);
}

TEST_CASE("a lock that another run holds is tried for until the deadline, and is an error of its own kind") {
  const Scene scene;
  const Holder holder(scene);
  const auto start = scene.clock.now();
  const auto lock = scene.take(70ms);
  const auto waited = scene.clock.now() - start;
  REQUIRE_FALSE(lock.has_value());
  CHECK(lock.error().kind == base::ErrorKind::state_locked);
  CHECK(lock.error().stage == base::Stage::state);
  CHECK(lock.error().detail == scene.scratch / "check.lock is locked by another run of this check");
  CHECK(waited >= 70ms);
  CHECK(waited < 5s);
  CHECK(FileLock::take(scene.folder, "other", Deadline(scene.clock, 0s)).has_value());  // one check, one lock
}

TEST_CASE("two locks in one process keep each other out, and the end of one frees it") {
  const Scene scene;
  {
    auto first = scene.take(0s);
    REQUIRE(first.has_value());
    const FileLock moved = std::move(*first);
    CHECK_FALSE(scene.take(0s).has_value());
  }
  CHECK(scene.take(0s).has_value());
}

TEST_CASE("a lock that becomes free is taken soon") {
  const Scene scene;
  Holder holder(scene);
  std::thread release([&] {
    std::this_thread::sleep_for(50ms);
    holder.kill();  // a run that is killed leaves nothing behind
  });
  const auto start = scene.clock.now();
  const auto lock = scene.take(20s);
  const auto waited = scene.clock.now() - start;
  release.join();
  CHECK(lock.has_value());
  CHECK(waited >= 20ms);
  CHECK(waited < 10s);
}

TEST_CASE("an interruption ends the wait") {
  const Scene scene;
  const Holder holder(scene);
  CHECK(test::status_of_child([&] {
          (void)::signal(SIGALRM, [](int) { Deadline::interrupt(); });
          const itimerval in_40_ms{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 40'000}};
          (void)::setitimer(ITIMER_REAL, &in_40_ms, nullptr);
          const auto start = scene.clock.now();
          const auto lock = scene.take(60s);
          const auto waited = scene.clock.now() - start;
          return !lock && lock.error().kind == base::ErrorKind::state_locked && waited >= 40ms && waited < 10s;
        }) == 0);
}

TEST_CASE("what lies in the place of the lock file is not locked") {
  const Scene scene;
  scene.scratch.put("victim", "text");
  REQUIRE(::symlink("victim", (scene.scratch / "check.lock").c_str()) == 0);
  const auto lock = scene.take(0s);
  REQUIRE_FALSE(lock.has_value());
  CHECK(lock.error().kind == base::ErrorKind::local);
  CHECK(lock.error().detail == scene.scratch / "check.lock is a symbolic link");
}
