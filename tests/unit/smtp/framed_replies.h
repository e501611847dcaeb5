// Bytes of a server -> what ReplyReader makes of them, in pieces of any size.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/reply.h"

namespace mailcheck::test {

struct FramedReplies {
  std::vector<smtp::Reply> replies;
  std::string reason;  // of the malformed one that ended it, or ""
  std::string line;    // ... and its line
  std::vector<std::string> quirks;
  bool has_leftover = false;
};

inline FramedReplies framed_replies(std::string_view input, std::size_t piece = std::string_view::npos,
                                    smtp::ReplyLimits limits = {}) {
  FramedReplies out;
  smtp::ReplyReader reader(limits);
  while (!input.empty() && out.reason.empty()) {
    const std::size_t size = std::min(piece, input.size());
    reader.receive(input.substr(0, size));
    input.remove_prefix(size);
    while (true) {
      auto result = reader.next();
      if (std::holds_alternative<smtp::ReplyIncomplete>(result)) break;
      if (auto* malformed = std::get_if<smtp::ReplyMalformed>(&result)) {
        out.reason = malformed->reason;
        out.line = malformed->line;
        break;
      }
      out.replies.push_back(std::get<smtp::Reply>(std::move(result)));
    }
  }
  out.quirks = reader.quirks();
  out.has_leftover = reader.has_leftover();
  return out;
}

inline std::string shown(const smtp::Reply& reply) {
  std::string out = reply.code_text();
  for (const auto& line : reply.lines) out += "[" + line + "]";
  return out;
}

}  // namespace mailcheck::test
