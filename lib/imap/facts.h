// What a look into a mailbox showed, as plain values. Nothing here judges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace mailcheck::imap {

struct Mailbox {
  std::uint64_t messages = 0;
  std::optional<std::uint64_t> uid_validity;
  std::optional<std::uint64_t> uid_next;
  bool is_read_only = false;
};

struct Message {
  std::uint64_t sequence = 0;
  std::optional<std::uint64_t> uid;
  std::optional<std::uint64_t> size;       // bytes, RFC822.SIZE
  std::optional<base::WallTime> received;  // INTERNALDATE
  std::string header;                      // the header fields asked for, as stored; untrusted
  std::string content = {};                // the section asked for (fetch_section), whole lines of it; untrusted
};

struct FolderStatus {
  std::string name;  // wire form
  std::optional<std::uint64_t> messages = {}, uid_next = {}, uid_validity = {};
};

// What MOVE made of messages (RFC 4315, COPYUID): from[i] of the mailbox is to[i] of the folder. At most 1,000.
struct CopyUid {
  std::uint64_t uid_validity = 0;  // of the folder
  std::vector<std::uint64_t> from, to;
};

struct ListedMailbox {
  std::string name;  // wire form
  std::vector<std::string> attributes;
};

struct QuotaResource {
  std::string root;
  std::string name;  // "STORAGE" (units of 1024 bytes), "MESSAGE"
  std::uint64_t used = 0;
  std::uint64_t limit = 0;
};

}  // namespace mailcheck::imap
