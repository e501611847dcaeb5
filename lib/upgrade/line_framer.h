// LineFramer: bytes from a server -> lines, before any grammar is looked at.
//
// A frame is a line without its line end; with Literals::announced (ManageSieve, RFC 5804 section 4), a line that ends
// in a literal's size, {n} or {n+}, goes on with the n bytes that follow and the rest of the line, any number of times.
//
// Everything is capped, so a hostile server can neither fill memory nor keep us busy, and what comes out does not
// depend on the pieces in which the bytes came in. What is malformed is not taken: next() says the same again.
// Deviation tolerated: lines that end in a bare LF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mailcheck::upgrade {

struct FrameLimits {
  std::size_t line = std::size_t{8} * 1024;        // one line without its line feed and without literals
  std::size_t lines = 1000;                        // frames of one response
  std::size_t response = std::size_t{256} * 1024;  // all bytes of one response
};

enum class Literals { none, announced };

struct Frame {
  std::string bytes;  // literals inside as "{n}", line end, n bytes
};
struct FrameIncomplete {};
struct FrameMalformed {
  std::string reason;  // "line longer than 8192 bytes"
  std::string bytes;   // what was received, as far as the limits let it; untrusted
};
using FrameResult = std::variant<FrameIncomplete, Frame, FrameMalformed>;

class LineFramer {
 public:
  explicit LineFramer(Literals literals, FrameLimits limits = {}) : literals_(literals), limits_(limits) {}

  void receive(std::string_view bytes);
  [[nodiscard]] FrameResult next();
  // The caps on a response count from here.
  void begin_response() { frames_ = taken_ = 0; }
  // Of the response, taken so far.
  [[nodiscard]] std::size_t frames() const { return frames_; }

  // Bytes received that no frame has taken yet.
  [[nodiscard]] bool has_leftover() const { return begin_ < buffer_.size(); }
  [[nodiscard]] std::string_view leftover() const { return std::string_view(buffer_).substr(begin_); }
  void forget_leftover();

 private:
  // Where the bytes end that the response may still have.
  [[nodiscard]] std::size_t end_of_room() const { return begin_ + (limits_.response - taken_); }
  [[nodiscard]] FrameMalformed too_long() const;
  [[nodiscard]] std::optional<FrameMalformed> over_limit(std::size_t end) const;
  [[nodiscard]] std::optional<std::uint64_t> literal_before(std::size_t line_end) const;
  Frame take(std::size_t line_end);

  Literals literals_;
  FrameLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;       // of the frame; what stands before it is taken
  std::size_t line_start_ = 0;  // of the line that is looked at; past the buffer while a literal is awaited
  std::size_t scanned_ = 0;     // up to here the line is known to have no end
  std::size_t frames_ = 0;
  std::size_t taken_ = 0;  // bytes of those frames
};

}  // namespace mailcheck::upgrade
