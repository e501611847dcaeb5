#include "imap/framer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/number.h"

namespace mailcheck::imap {
namespace {

// True for "+ ..." and "<tag> OK ...": responses whose text may end in braces and still announces nothing.
bool is_text_only(std::string_view line) {
  if (line.starts_with('+')) return true;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return false;
  std::string_view word = line.substr(std::min(line.find_first_not_of(' ', space), line.size()));
  word = word.substr(0, word.find_first_of(" \r\n"));
  constexpr std::array<std::string_view, 5> kStatuses = {"OK", "NO", "BAD", "BYE", "PREAUTH"};
  return std::any_of(kStatuses.begin(), kStatuses.end(),
                     [&](auto status) { return base::equals_ignoring_case(word, status); });
}

}  // namespace

std::size_t announced_literal(std::string_view line) {
  if (!line.ends_with('}')) return std::string_view::npos;
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos) return std::string_view::npos;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  const auto size = base::parse_unsigned(digits);
  if (!size) return std::string_view::npos;
  return static_cast<std::size_t>(std::min<std::uint64_t>(*size, std::string_view::npos - 1));
}

void Framer::receive(std::string_view bytes) {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  line_start_ -= begin_;
  begin_ = 0;
  buffer_ += bytes;
  total_ += bytes.size();
}

void Framer::forget_leftover() {
  buffer_.clear();
  begin_ = scanned_ = line_start_ = 0;
}

FrameResult Framer::take(std::size_t text_end, std::size_t line_end) {
  Frame frame{buffer_.substr(begin_, text_end - begin_)};
  begin_ = scanned_ = line_start_ = line_end;
  ++frames_;
  return frame;
}

FrameResult Framer::too_long() const {
  return FrameMalformed{fmt::format("response longer than {} bytes", limits_.frame)};
}

FrameResult Framer::next() {
  if (total_ > limits_.total) return FrameMalformed{fmt::format("more than {} bytes in one session", limits_.total)};
  if (frames_ > limits_.frames) {
    return FrameMalformed{fmt::format("more than {} responses in one session", limits_.frames)};
  }
  while (true) {
    if (scanned_ - begin_ > limits_.frame) return too_long();
    const std::size_t end = scanned_ <= buffer_.size() ? buffer_.find('\n', scanned_) : std::string::npos;
    const std::size_t line_size =
        (end == std::string::npos ? buffer_.size() : end) - std::min(line_start_, buffer_.size());
    if (line_size > limits_.line) return FrameMalformed{fmt::format("line longer than {} bytes", limits_.line)};
    const bool is_in_literal = scanned_ > buffer_.size();
    if (!is_in_literal && std::min(end, buffer_.size()) - begin_ > limits_.frame) return too_long();
    if (end == std::string::npos) {
      scanned_ = std::max(scanned_, buffer_.size());
      return FrameIncomplete{};
    }
    const bool has_carriage_return = end > line_start_ && buffer_[end - 1] == '\r';
    seen_bare_line_feed_ |= !has_carriage_return;
    const std::size_t text_end = has_carriage_return ? end - 1 : end;
    const std::string_view line = std::string_view(buffer_).substr(line_start_, text_end - line_start_);
    const bool may_announce = line_start_ != begin_ || !is_text_only(line);
    const std::size_t literal = may_announce ? announced_literal(line) : std::string_view::npos;
    if (literal == std::string_view::npos) return take(text_end, end + 1);
    if (literal > limits_.literal)
      return FrameMalformed{fmt::format("literal of {} bytes, limit {}", literal, limits_.literal)};
    line_start_ = scanned_ = end + 1 + literal;
  }
}

}  // namespace mailcheck::imap
