// A small file that is there whole or not at all: read, replaced, set aside. In a state folder, under a lock: there is
// never more than one writer.
//
// Replaced means: "<name>.tmp" is written and synced, renamed to <name>, and the folder is synced, so that after a
// return without error the new content survives a power cut. A process that dies on the way, at whatever point, leaves
// the old or the new content, and at worst a "<name>.tmp", which the next replacement removes.
//
// Errors (stage state, kind local) name the path and what the system said: no space, quota, read-only, the limit on the
// size of files. Then the old content stands; only if the sync of the folder fails it is the new one, whole, but
// perhaps not for long. A disk that hangs hangs us: no deadline reaches into the system's sync.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "ledger/state_folder.h"

namespace mailcheck::ledger {

inline constexpr std::size_t kMaximumFileSize = 256UL * 1024;

// One of both, or neither: there is no such file.
struct FileContent {
  std::optional<std::string> text;
  std::string fault;  // why it cannot be used, in words that fit behind its path
};

// Error: this machine is short of something (descriptors, memory), which says nothing about the file.
[[nodiscard]] base::Result<FileContent> read_file(const StateFolder& folder, const std::string& name);

enum class ReplaceStep { remove_left_over, create, write, sync, rename, sync_folder };
// For tests: called before each step, and before each 4096 bytes that are written. What it returns, if not 0, is taken
// for the errno of the step, which is not done then. It may end the process.
using ReplaceHook = std::function<int(ReplaceStep)>;

[[nodiscard]] base::Result<void> replace_file(const StateFolder& folder, const std::string& name,
                                              std::string_view content, const ReplaceHook& hook = {});

// Renames whatever has the name (a link itself, never what it points to) and removes an earlier one of the new name.
[[nodiscard]] base::Result<void> set_file_aside(const StateFolder& folder, const std::string& name,
                                                const std::string& new_name);

}  // namespace mailcheck::ledger
