// Words for what the system says of files: whose they are, how they may be used, why a call failed.
#pragma once

#include <sys/types.h>

#include <string>

namespace mailcheck::ledger {

// "nagios (uid 998)". The name comes from /etc/passwd only: a directory service could be slow, and no deadline would
// hold it. "uid 998" where it does not stand there.
[[nodiscard]] std::string describe_account(uid_t account);

// "belongs to nagios (uid 998), and this run is root (uid 0)"
[[nodiscard]] std::string describe_owner(uid_t owner);

// The bits of a file's mode as ls and chmod take them: "0755", "1777".
[[nodiscard]] std::string describe_mode(mode_t mode);

// errno in words: "no space left on device", "disk quota exceeded", "read-only file system".
[[nodiscard]] std::string describe_errno(int error);

}  // namespace mailcheck::ledger
