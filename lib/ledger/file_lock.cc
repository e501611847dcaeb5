#include "ledger/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "ledger/local_error.h"
#include "ledger/words.h"

namespace mailcheck::ledger {
namespace {

constexpr base::Duration kPause = std::chrono::milliseconds(20);

// A signal ends the pause early; the deadline is looked at then.
void pause_until(base::Deadline until) {
  const auto pause = std::min(kPause, until.remaining());
  const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(pause.count())};
  (void)::nanosleep(&time, nullptr);
}

}  // namespace

base::Result<FileLock> FileLock::take(const StateFolder& folder, const std::string& name, base::Deadline until) {
  const std::string file_name = name + ".lock";
  auto file = folder.open_file(file_name, O_RDWR | O_CREAT);
  if (!file) return local_error(folder.path_of(file_name) + " " + file.error().words);
  while (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) {
      return local_error(folder.path_of(file_name) + " cannot be locked: " + describe_errno(errno));
    }
    if (until.has_expired()) {
      return base::fail({.stage = base::Stage::state,
                         .kind = base::ErrorKind::state_locked,
                         .detail = folder.path_of(file_name) + " is locked by another run of this check"});
    }
    pause_until(until);
  }
  return FileLock(std::move(*file));
}

}  // namespace mailcheck::ledger
