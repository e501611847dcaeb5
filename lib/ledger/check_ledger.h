// CheckLedger: the memory of one check of check_mail_roundtrip, from run to run, in the folder of --state-dir.
//
//   roundtrip-<id>.json       the document (ledger/outstanding.h)
//   roundtrip-<id>.json.tmp   the left-over of a run that died while it wrote
//   roundtrip-<id>.json.bad   the last document that could not be used
//   roundtrip-<id>.lock       held while the CheckLedger lives; never deleted
//
// A missing document is an empty one. One that cannot be used is never trusted and never an end of the run: it is
// renamed, and an empty one takes its place. It is damaged, of another check, too large, unreadable, a link, not a
// regular file, or belongs to another user.
//
// Errors, stage state. Kind state_locked: another run holds the lock. Kind local: the folder, the lock file or the
// document cannot be opened or written; the detail names the path, and who owns it where that is the trouble.
#pragma once

#include <string>
#include <utility>

#include "base/deadline.h"
#include "base/error.h"
#include "ledger/file_lock.h"
#include "ledger/outstanding.h"
#include "ledger/state_folder.h"

namespace mailcheck::ledger {

class CheckLedger {
 public:
  // Precondition: is_check_id(check_id); anything else is an error of kind local.
  [[nodiscard]] static base::Result<CheckLedger> open(const std::string& folder, const std::string& check_id,
                                                      base::Deadline lock_until);

  // As read, or as saved last.
  [[nodiscard]] const Document& document() const { return document_; }
  // When it returns without error the document is on the disk (ledger/atomic_file.h). Error, with nothing written, also
  // for a document that could not be read again.
  [[nodiscard]] base::Result<void> save(const Document& document);
  // What was set aside when the ledger was opened, and why; empty if nothing was.
  [[nodiscard]] const std::string& set_aside() const { return set_aside_; }

 private:
  CheckLedger(StateFolder folder, FileLock lock, std::string check_id)
      : folder_(std::move(folder)), lock_(std::move(lock)), check_id_(std::move(check_id)) {}

  [[nodiscard]] std::string file_name() const { return "roundtrip-" + check_id_ + ".json"; }
  [[nodiscard]] base::Result<void> load();
  [[nodiscard]] base::Result<void> put_aside(const std::string& fault);

  StateFolder folder_;
  FileLock lock_;
  std::string check_id_;
  Document document_;
  std::string set_aside_;
};

}  // namespace mailcheck::ledger
