#include "smtp/reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace mailcheck::smtp {
namespace {

constexpr std::size_t kCodeSize = 3;

// The code a line begins with; 0 if it begins with anything else, a number of four digits included.
int code_of(std::string_view line) {
  if (line.size() < kCodeSize || !std::all_of(line.begin(), line.begin() + kCodeSize, base::is_digit)) return 0;
  if (line.size() > kCodeSize && base::is_digit(line[kCodeSize])) return 0;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  return code >= 200 && code <= 599 ? code : 0;
}

// Size of "5.7.8" at the start of the text, if a space or the end follows; 0 if it is anything else.
std::size_t enhanced_size(std::string_view text) {
  if (text.empty() || (text[0] != '2' && text[0] != '4' && text[0] != '5')) return 0;
  std::size_t at = 1;
  for (int part = 0; part < 2; ++part) {
    if (at == text.size() || text[at] != '.') return 0;
    const std::size_t first = ++at;
    while (at < text.size() && base::is_digit(text[at])) ++at;
    if (at == first || at - first > 3) return 0;
  }
  return at == text.size() || text[at] == ' ' ? at : 0;
}

std::string_view without_leading_spaces(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string Reply::text() const {
  return fmt::format("{}", fmt::join(lines, " "));
}

std::string Reply::code_text() const {
  return enhanced.empty() ? fmt::format("{}", code) : fmt::format("{} {}", code, enhanced);
}

void ReplyReader::receive(std::string_view bytes) {
  if (begin_ > buffer_.size() / 2) {  // so that each byte is moved a bounded number of times
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
  }
  buffer_ += bytes;
}

void ReplyReader::forget_leftover() {
  buffer_.clear();
  begin_ = scanned_ = reply_size_ = 0;
  partial_ = {};
}

void ReplyReader::note_quirk(std::string_view quirk) {
  if (std::find(quirks_.begin(), quirks_.end(), quirk) == quirks_.end()) quirks_.emplace_back(quirk);
}

// The tightest cap decides, so that the answer does not depend on how the bytes came in.
std::optional<ReplyMalformed> ReplyReader::over_limit(std::size_t line_size) const {
  const std::size_t line = limits_.line + 1;  // the line feed is not counted
  const std::size_t reply = limits_.reply - std::min(reply_size_, limits_.reply);
  const std::size_t total = limits_.total - std::min(total_, limits_.total);
  const std::size_t room = std::min({line, reply, total});
  if (line_size <= room) return std::nullopt;
  const std::string shown = buffer_.substr(begin_, room);
  if (room == line) return ReplyMalformed{fmt::format("line longer than {} bytes", limits_.line), shown};
  if (room == reply) return ReplyMalformed{fmt::format("reply longer than {} bytes", limits_.reply), shown};
  return ReplyMalformed{fmt::format("more than {} bytes in one session", limits_.total), shown};
}

std::optional<ReplyMalformed> ReplyReader::fault_of(std::string_view line) const {
  const auto fault = [&](std::string reason) { return ReplyMalformed{std::move(reason), std::string(line)}; };
  if (line.find('\0') != std::string_view::npos) return fault("a NUL byte in a reply");
  const int code = code_of(line);
  if (code == 0) return fault("a reply without a code from 200 to 599");
  const bool has_turned = is_first_reply_ && partial_.code_class() == 2 && code >= 400;
  if (!partial_.lines.empty() && code != partial_.code && !has_turned)
    return fault(fmt::format("the code changes from {} to {} within a reply", partial_.code, code));
  return std::nullopt;
}

// Precondition: the line has no fault. True if the reply ends with it.
bool ReplyReader::take_line(std::string_view line) {
  partial_.code = code_of(line);
  const char separator = line.size() > kCodeSize ? line[kCodeSize] : ' ';
  std::string_view text = line.substr(std::min(line.size(), kCodeSize));
  if (separator == ' ' || separator == '-' || separator == '\t') text.remove_prefix(text.empty() ? 0 : 1);
  if (separator != ' ' && separator != '-') note_quirk("no space after a reply code");
  const std::size_t size = partial_.code_class() == 3 ? 0 : enhanced_size(text);
  if (size > 0) {
    if (text[0] != line[0]) note_quirk("an enhanced status code of another class than the reply code");
    if (partial_.enhanced.empty()) partial_.enhanced = text.substr(0, size);
    text = without_leading_spaces(text.substr(size));
  }
  partial_.lines.emplace_back(text);
  return separator != '-';
}

ReplyResult ReplyReader::next() {
  while (true) {
    const std::size_t end = buffer_.find('\n', scanned_);
    const bool is_whole = end != std::string::npos;
    const std::size_t line_size = (is_whole ? end + 1 : buffer_.size()) - begin_;
    if (auto fault = over_limit(line_size)) return *std::move(fault);
    if (!is_whole) {
      scanned_ = buffer_.size();
      return ReplyIncomplete{};
    }
    const std::string_view received = std::string_view(buffer_).substr(begin_, line_size);
    if (!received.ends_with("\r\n")) note_quirk("a line that ends in a bare LF");
    const std::string_view line = without_line_end(received);
    if (auto fault = fault_of(line)) return *std::move(fault);
    const bool is_last = take_line(line);
    begin_ = scanned_ = end + 1;
    total_ += line_size;
    reply_size_ += line_size;
    if (!is_last) continue;
    reply_size_ = 0;
    is_first_reply_ = false;
    return std::exchange(partial_, {});
  }
}

}  // namespace mailcheck::smtp
