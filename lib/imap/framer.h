// Framer: bytes from a server -> whole IMAP responses, before any grammar is looked at (RFC 9051 section 4.3).
//
// A frame is one response without its final line end: a line, and if the line announces a literal at its end by {n},
// {n+} or ~{n}, the literal and the rest of the line, any number of times. Status responses (OK NO BAD BYE PREAUTH) and
// continuations are text to the end of the line: a "{5}" there announces nothing.
//
// Everything is capped, so a hostile server can neither fill memory nor keep us busy. Promises that literal data can
// never be taken for a response of its own. Deviation tolerated: lines that end in a bare LF (quirk lf_only).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace mailcheck::imap {

struct FrameLimits {
  std::size_t line = std::size_t{64} * 1024;          // one line, without literals
  std::size_t literal = std::size_t{512} * 1024;      // one literal
  std::size_t frame = std::size_t{1024} * 1024;       // a response with all its literals
  std::size_t total = std::size_t{16} * 1024 * 1024;  // all that is read in the life of the framer
  std::size_t frames = 100'000;                       // responses in the life of the framer: tiny ones cost time
};

struct Frame {
  std::string bytes;  // literals inside as "{n}\r\n" and n bytes
};
struct FrameIncomplete {};
struct FrameMalformed {
  std::string reason;  // "line longer than 65536 bytes"
};
using FrameResult = std::variant<FrameIncomplete, Frame, FrameMalformed>;

class Framer {
 public:
  explicit Framer(FrameLimits limits = {}) : limits_(limits) {}

  void receive(std::string_view bytes);
  [[nodiscard]] FrameResult next();

  // Bytes received that no frame has taken yet.
  [[nodiscard]] bool has_leftover() const { return begin_ < buffer_.size(); }
  [[nodiscard]] std::string_view leftover() const { return std::string_view(buffer_).substr(begin_); }
  void forget_leftover();
  void set_limits(FrameLimits limits) { limits_ = limits; }
  [[nodiscard]] bool has_seen_bare_line_feed() const { return seen_bare_line_feed_; }

 private:
  FrameResult take(std::size_t text_end, std::size_t line_end);
  [[nodiscard]] FrameResult too_long() const;

  FrameLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;       // of the frame; what stands before it is taken, and dropped with the next receive()
  std::size_t scanned_ = 0;     // up to here buffer_ is known to hold no line end of this frame
  std::size_t line_start_ = 0;  // where the line that is being scanned begins
  std::size_t total_ = 0;
  std::size_t frames_ = 0;
  bool seen_bare_line_feed_ = false;
};

// The size announced at the end of a line, "{12}", "{12+}" or "~{12}"; npos if there is none.
[[nodiscard]] std::size_t announced_literal(std::string_view line);

}  // namespace mailcheck::imap
