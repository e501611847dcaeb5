#include "net/transcript.h"

#include <fmt/format.h>

#include <chrono>

#include "base/printable.h"

namespace mailcheck::net {
namespace {

constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kFirstBytes = std::size_t{48} * 1024;
constexpr std::size_t kLastBytes = std::size_t{16} * 1024;

// At most kLongestLine bytes, not cut inside of a UTF-8 sequence, with a note of what is missing.
std::string shortened(std::string text) {
  if (text.size() <= kLongestLine) return text;
  std::size_t size = kLongestLine;
  while (size > kLongestLine - 4 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  const std::size_t missing = text.size() - size;
  text.resize(size);
  return text + fmt::format(" ... ({} bytes more)", missing);
}

}  // namespace

void Transcript::record(std::string_view direction, std::string_view text) {
  if (recording_ == Recording::off) return;
  const double milliseconds = std::chrono::duration<double, std::milli>(clock_->now() - start_).count();
  do {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    // Masked before it is cut, since half a secret would not be recognised.
    const std::string display = shortened(base::printable_line(mask_->apply(line)));
    keep(fmt::format("{:>9.1f} ms {}{}", milliseconds, direction, display));
  } while (!text.empty());
}

void Transcript::keep(std::string line) {
  if (last_.empty() && omitted_lines_ == 0 && first_bytes_ + line.size() <= kFirstBytes) {
    first_bytes_ += line.size();
    first_.push_back(std::move(line));
    return;
  }
  last_bytes_ += line.size();
  last_.push_back(std::move(line));
  while (last_bytes_ > kLastBytes) {
    last_bytes_ -= last_.front().size();
    omitted_bytes_ += last_.front().size();
    ++omitted_lines_;
    last_.pop_front();
  }
}

std::vector<std::string> Transcript::lines() const {
  std::vector<std::string> result = first_;
  if (omitted_lines_ > 0) {
    result.push_back(fmt::format("-- {} lines ({} bytes) left out", omitted_lines_, omitted_bytes_));
  }
  result.insert(result.end(), last_.begin(), last_.end());
  return result;
}

}  // namespace mailcheck::net
