#include "upgrade/line_framer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"

namespace mailcheck::upgrade {
namespace {

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The size of the literal that a line announces at its end. A brace amid a word announces nothing.
std::optional<std::uint64_t> announced_literal(std::string_view line) {
  const std::size_t open = line.rfind('{');
  if (!line.ends_with('}') || open == std::string_view::npos) return std::nullopt;
  if (open > 0 && line[open - 1] != ' ' && line[open - 1] != '(') return std::nullopt;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  return base::parse_unsigned(digits);
}

}  // namespace

void LineFramer::receive(std::string_view bytes) {
  if (begin_ > buffer_.size() / 2) {  // so that each byte is moved a bounded number of times
    buffer_.erase(0, begin_);
    line_start_ -= begin_;
    scanned_ -= begin_;
    begin_ = 0;
  }
  buffer_ += bytes;
}

void LineFramer::forget_leftover() {
  buffer_.clear();
  begin_ = line_start_ = scanned_ = 0;
}

FrameMalformed LineFramer::too_long() const {
  return {fmt::format("response longer than {} bytes", limits_.response),
          buffer_.substr(begin_, end_of_room() - begin_)};
}

// The tightest cap decides, so that the answer does not depend on how the bytes came in.
std::optional<FrameMalformed> LineFramer::over_limit(std::size_t end) const {
  const std::size_t longest = line_start_ + limits_.line + 1;
  if (end <= std::min(longest, end_of_room())) return std::nullopt;
  if (end_of_room() <= longest) return too_long();
  return FrameMalformed{fmt::format("line longer than {} bytes", limits_.line),
                        buffer_.substr(begin_, longest - begin_)};
}

std::optional<std::uint64_t> LineFramer::literal_before(std::size_t line_end) const {
  if (literals_ == Literals::none) return std::nullopt;
  return announced_literal(without_line_end(std::string_view(buffer_).substr(line_start_, line_end - line_start_)));
}

Frame LineFramer::take(std::size_t line_end) {
  Frame frame{std::string(without_line_end(std::string_view(buffer_).substr(begin_, line_end - begin_)))};
  taken_ += line_end - begin_;
  ++frames_;
  begin_ = line_start_ = scanned_ = line_end;
  return frame;
}

FrameResult LineFramer::next() {
  if (!has_leftover()) return FrameIncomplete{};
  if (frames_ >= limits_.lines) {
    return FrameMalformed{fmt::format("response of more than {} lines", limits_.lines),
                          buffer_.substr(begin_, limits_.line)};
  }
  while (scanned_ <= buffer_.size()) {
    const std::size_t feed = buffer_.find('\n', scanned_);
    const bool is_whole = feed != std::string::npos;
    const std::size_t end = is_whole ? feed + 1 : buffer_.size();
    if (auto fault = over_limit(end)) return *std::move(fault);
    if (!is_whole) {
      scanned_ = end;
      return FrameIncomplete{};
    }
    const auto literal = literal_before(end);
    if (!literal) return take(end);
    if (*literal > end_of_room() - end) return too_long();
    line_start_ = scanned_ = end + static_cast<std::size_t>(*literal);
  }
  return FrameIncomplete{};
}

}  // namespace mailcheck::upgrade
