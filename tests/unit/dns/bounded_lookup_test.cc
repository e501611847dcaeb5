#include "dns/bounded_lookup.h"

#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

#include "dns/question.h"
#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck;
using namespace std::chrono_literals;

namespace {

dns::Answer one_address() {
  return std::vector{dns::Address::parse("192.0.2.1").value()};
}

// A question that is not answered before it is let go.
struct Stuck {
  std::shared_ptr<std::promise<void>> release = std::make_shared<std::promise<void>>();
  std::shared_ptr<std::promise<void>> is_over = std::make_shared<std::promise<void>>();

  [[nodiscard]] std::function<dns::Answer()> question() const {
    return [release = release, is_over = is_over] {
      release->get_future().wait();
      is_over->set_value();
      return one_address();
    };
  }
};

// Runs in a forked child, since an interruption cannot be taken back. 0: the wait ended because of the signal.
int wait_interrupted() {
  struct sigaction action {};
  action.sa_handler = [](int) { base::Deadline::interrupt(); };
  sigaction(SIGALRM, &action, nullptr);
  const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 50'000}};
  setitimer(ITIMER_REAL, &soon, nullptr);
  const base::SystemClock clock;
  const Stuck stuck;
  const auto answer = dns::answer_before(base::Deadline(clock, 24h), "the resolver", stuck.question());
  if (answer || answer.error().kind != base::ErrorKind::timeout) return 1;
  return answer.error().detail == "interrupted before the resolver answered" ? 0 : 2;
}

}  // namespace

TEST_CASE("an answer before the deadline is handed on") {
  const base::SystemClock clock;
  const auto answer = dns::answer_before(base::Deadline(clock, 60s), "the resolver", one_address);
  REQUIRE(answer);
  CHECK(answer->front().to_string() == "192.0.2.1");
}

TEST_CASE("so is an error") {
  const base::SystemClock clock;
  const auto answer = dns::answer_before(base::Deadline(clock, 60s), "the resolver", []() -> dns::Answer {
    return base::fail(dns::lookup_failed("no such name"));
  });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().detail == "no such name");
}

TEST_CASE("a look-up that never ends is left behind at the deadline and its late answer is dropped") {
  const base::SystemClock clock;
  const Stuck stuck;
  const auto answer = dns::answer_before(base::Deadline(clock, 30ms), "the resolver", stuck.question());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().stage == base::Stage::dns);
  CHECK(answer.error().kind == base::ErrorKind::timeout);
  CHECK(answer.error().detail.rfind("the resolver did not answer within ", 0) == 0);
  stuck.release->set_value();
  stuck.is_over->get_future().wait();
}

TEST_CASE("with no time left nobody is asked") {
  const test::FakeClock clock;
  const auto is_asked = std::make_shared<bool>(false);
  const auto answer = dns::answer_before(base::Deadline(clock, 0s), "the resolver", [is_asked] {
    *is_asked = true;
    return one_address();
  });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::timeout);
  CHECK_FALSE(*is_asked);
}

TEST_CASE("an exception of the question is an error, not the end of the process") {
  const base::SystemClock clock;
  const auto answer = dns::answer_before(base::Deadline(clock, 60s), "the resolver",
                                         []() -> dns::Answer { throw std::runtime_error("out of sockets"); });
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == base::ErrorKind::dns);
  CHECK(answer.error().detail == "the look-up failed: out of sockets");
}

TEST_CASE("signals go to the thread that waits") {
  const base::SystemClock clock;
  const auto blocked = std::make_shared<bool>(false);
  const auto answer = dns::answer_before(base::Deadline(clock, 60s), "the resolver", [blocked] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    *blocked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1;
    return one_address();
  });
  REQUIRE(answer);
  CHECK(*blocked);
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, nullptr, &own);
  CHECK(sigismember(&own, SIGTERM) == 0);
}

TEST_CASE("a signal that interrupts the deadline ends the wait") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(wait_interrupted());
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
