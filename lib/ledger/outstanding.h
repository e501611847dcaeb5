// What one check of check_mail_roundtrip remembers from run to run: messages that were offered and not seen yet, and
// since when its mail is greylisted. As JSON, for people with a text viewer.
//
//   {"format":"mailcheck-roundtrip","version":1,"check":"<16 hex digits>","first_greylisted":<Unix seconds, optional>,
//    "outstanding":[{"token":"<32 hex digits>","sent":<Unix seconds>,"outcome":"sending","reports_left":0,
//                    "marks":[{"mailbox":"INBOX","uid_validity":1,"uid_next":42}]}]}
//
// Strict: a text is read only if it is, byte for byte, what write() makes of the result, and within the limits. So
// unknown, doubled and missing members, other checks' documents, later versions and anything cut or edited are refused.
// Mailbox names may hold any bytes: '%' and what is not printable ASCII stands as %XX.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace mailcheck::ledger {

inline constexpr std::size_t kMaximumOutstanding = 1000;
inline constexpr std::size_t kMaximumMarks = 20;
inline constexpr unsigned kMaximumReports = 1000;

// Where a folder stood before the message was sent: it can only be from uid_next on, while uid_validity is the same.
struct FolderMark {
  std::string mailbox;  // its name on the wire
  std::uint64_t uid_validity = 0;
  std::uint64_t uid_next = 0;
  friend bool operator==(const FolderMark&, const FolderMark&) = default;
};

enum class Outcome {
  sending,   // about to be offered; it stays so if the run dies then
  accepted,  // the server took it
  unknown,   // the connection was lost after the final dot
  lost,      // given up
};

struct Outstanding {
  std::string token;  // 32 lower-case hex digits
  base::WallTime sent;
  Outcome outcome = Outcome::sending;
  unsigned reports_left = 0;  // of a lost one: how many runs still report it
  std::vector<FolderMark> marks;
  friend bool operator==(const Outstanding&, const Outstanding&) = default;
};

struct Document {
  std::vector<Outstanding> outstanding;
  std::optional<base::WallTime> first_greylisted;
  friend bool operator==(const Document&, const Document&) = default;
};

// 16 lower-case hex digits.
[[nodiscard]] bool is_check_id(std::string_view text);

[[nodiscard]] std::string write(const Document& document, std::string_view check_id);

// std::nullopt: not a document of this check, or past its limits: kMaximumOutstanding messages with tokens of their
// own, kMaximumMarks each, with names; times from 2000 to 2099.
[[nodiscard]] std::optional<Document> read(std::string_view text, std::string_view check_id);

}  // namespace mailcheck::ledger
