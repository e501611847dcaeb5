// FileLock: keeps two runs of one check out of each other's state, for as long as it lives.
//
// An exclusive flock(2) of the file "<name>.lock" in the state folder. The system gives it back when the process ends,
// however it ends. The file stays: a run that waits for a deleted file and one that makes it anew would both go in.
//
// Errors: kind state_locked: another run held it until the deadline (or the deadline was interrupted). Kind local: the
// file cannot be opened or locked.
#pragma once

#include <string>
#include <utility>

#include "base/deadline.h"
#include "base/error.h"
#include "base/file_descriptor.h"
#include "ledger/state_folder.h"

namespace mailcheck::ledger {

class FileLock {
 public:
  // Tries at least once, and then every 20 ms until the deadline.
  [[nodiscard]] static base::Result<FileLock> take(const StateFolder& folder, const std::string& name,
                                                   base::Deadline until);

 private:
  explicit FileLock(base::FileDescriptor file) : file_(std::move(file)) {}

  base::FileDescriptor file_;
};

}  // namespace mailcheck::ledger
