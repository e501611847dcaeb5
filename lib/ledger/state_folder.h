// StateFolder: the folder of --state-dir, held by a descriptor, so that what was checked is what is used.
//
// The folder exists, or is made (the last part of its path only, mode 0700). It is a directory and not a symbolic link
// (the parts of the path above may be links), belongs to the effective user or to root, and neither group nor others
// can write it; a sticky folder such as /tmp is refused like any other that everyone can write. Whoever could write it
// could put links and files of his own in our way.
// The folders above it are the administrator's matter: whoever can write one of those can take the folder away, and
// with it what is remembered, but can put nothing of his own in its place.
//
// Its files are opened relative to the descriptor, never through a link and never waiting (for the other end of a
// FIFO), and are used only if they are regular, belong to the effective user, have one link and can be written by
// nobody else.
//
// Errors (stage state, kind local) name the path, and say who owns it where that is the trouble: such folders are used
// by root and by the monitoring user in turn.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"
#include "base/file_descriptor.h"

namespace mailcheck::ledger {

// Why a file was not opened. `words` fit behind its path: "belongs to root (uid 0), and this run is nagios (uid 998)".
struct FileFault {
  int error = 0;  // the system's errno; 0: it could be opened, but is not a file of ours
  std::string words;
};

class StateFolder {
 public:
  [[nodiscard]] static base::Result<StateFolder> open(const std::string& path);

  // `flags` as of open(2), in addition to those that are always set; a file that is made has mode 0600. `name` is a
  // single name, without '/'.
  [[nodiscard]] tl::expected<base::FileDescriptor, FileFault> open_file(const std::string& name, int flags) const;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] int descriptor() const { return folder_.get(); }

 private:
  StateFolder(std::string path, base::FileDescriptor folder) : path_(std::move(path)), folder_(std::move(folder)) {}

  std::string path_;
  base::FileDescriptor folder_;
};

}  // namespace mailcheck::ledger
