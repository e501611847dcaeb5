// What a framer makes of an input, however it arrives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imap/framer.h"

namespace mailcheck::test {

struct Framed {
  std::vector<std::string> frames;
  std::string reason;  // why it gave up; empty if it did not
  std::string leftover;
  bool has_bare_line_feed = false;
  bool operator==(const Framed&) const = default;
};

// The input in pieces of that many bytes, asked for frames after each.
inline Framed framed(std::string_view input, std::size_t piece = std::string_view::npos,
                     const imap::FrameLimits& limits = {}) {
  imap::Framer framer(limits);
  Framed result;
  while (!input.empty() && result.reason.empty()) {
    framer.receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (true) {
      auto next = framer.next();
      if (const auto* frame = std::get_if<imap::Frame>(&next)) {
        result.frames.push_back(frame->bytes);
        continue;
      }
      if (const auto* malformed = std::get_if<imap::FrameMalformed>(&next)) result.reason = malformed->reason;
      break;
    }
  }
  if (result.reason.empty()) result.leftover = framer.leftover();
  result.has_bare_line_feed = framer.has_seen_bare_line_feed();
  return result;
}

}  // namespace mailcheck::test
