#include "dns/bounded_lookup.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "dns/question.h"
#include "dns/waiting_time.h"

namespace mailcheck::dns {
namespace {

constexpr base::Duration kSlice = std::chrono::milliseconds(50);  // how late an interruption may be noticed

// Owned by the waiting and the asking thread together; whoever is last frees it.
struct Shared {
  std::mutex mutex;
  std::condition_variable is_answered;
  std::optional<base::Result<void>> outcome;
};

// A thread inherits the mask of its maker, so signals are blocked while it is made.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t before_{};
};

base::Result<void> outcome_of(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const std::exception& exception) {
    return base::fail(lookup_failed(fmt::format("the look-up failed: {}", exception.what())));
  }
}

void start(const std::shared_ptr<Shared>& shared, std::function<void()> work) {
  const BlockedSignals blocked;
  std::thread([shared, work = std::move(work)] {
    auto outcome = outcome_of(work);
    const std::lock_guard lock(shared->mutex);
    shared->outcome = std::move(outcome);
    shared->is_answered.notify_one();
  }).detach();
}

base::Error unanswered(std::string_view who, base::Duration limit) {
  std::string detail = base::Deadline::is_interrupted()
                           ? fmt::format("interrupted before {} answered", who)
                           : fmt::format("{} did not answer within {}", who, describe_wait(limit));
  return {.stage = base::Stage::dns, .kind = base::ErrorKind::timeout, .detail = std::move(detail)};
}

}  // namespace

base::Result<void> run_before(base::Deadline deadline, std::string_view who, std::function<void()> work) {
  const base::Duration limit = deadline.remaining();
  if (limit == base::Duration::zero()) return base::fail(unanswered(who, limit));
  const auto shared = std::make_shared<Shared>();
  try {
    start(shared, std::move(work));
  } catch (const std::system_error&) {
    return base::fail(lookup_failed("no thread can be started for the look-up"));
  }
  std::unique_lock lock(shared->mutex);
  while (!shared->outcome) {
    const base::Duration remaining = deadline.remaining();
    if (remaining == base::Duration::zero()) return base::fail(unanswered(who, limit));
    shared->is_answered.wait_for(lock, std::min(remaining, kSlice));
  }
  return std::move(*shared->outcome);
}

Answer answer_before(base::Deadline deadline, std::string_view who, std::function<Answer()> question) {
  const auto answer = std::make_shared<Answer>();
  auto outcome = run_before(deadline, who, [answer, question = std::move(question)] { *answer = question(); });
  if (!outcome) return base::fail(std::move(outcome.error()));
  return std::move(*answer);
}

}  // namespace mailcheck::dns
