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
