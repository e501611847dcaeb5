#include "base/mask.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/base64.h"

namespace mailcheck::base {
namespace {

constexpr std::size_t kShortest = 4;

std::uint64_t random_key() {
  std::uint64_t key = 0;
  if (getrandom(&key, sizeof key, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof key)) {
    key = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return key | 1;
}

std::uint64_t hash(std::uint64_t key, std::string_view bytes) {
  std::uint64_t value = key;
  for (const char c : bytes) {
    value = (value ^ static_cast<unsigned char>(c)) * 0x9e3779b97f4a7c15ULL;
    value ^= value >> 29;
  }
  return value;
}

// A checksum of the last bytes seen, whatever their number (Rabin and Karp); 16 bits, to tell little about a secret.
class Checksum {
 public:
  Checksum(std::uint64_t key, std::string_view bytes) : factor_(static_cast<std::uint32_t>(key)) {
    for (const char c : bytes) {
      sum_ = sum_ * factor_ + static_cast<unsigned char>(c);
      leaving_ *= factor_;
    }
  }
  void roll(char first, char next) {
    sum_ = sum_ * factor_ + static_cast<unsigned char>(next) - leaving_ * static_cast<unsigned char>(first);
  }
  [[nodiscard]] std::uint32_t value() const { return sum_ & 0xffff; }

 private:
  std::uint32_t factor_;
  std::uint32_t leaving_ = 1;  // the factor of a byte that leaves
  std::uint32_t sum_ = 0;
};

// Which characters have a backslash put in front, and which become \u003d.
struct Writing {
  std::string_view by_backslash;
  std::string_view by_number;
};

constexpr std::string_view kQuoted = "\"\\";  // IMAP's quoted string, plain JSON
constexpr std::string_view kQuotedAndSlash = "\"\\/";
constexpr std::string_view kOfHtml = "=<>&'";
constexpr std::array<Writing, 4> kEscapedWritings = {
    {{kQuoted, ""}, {kQuotedAndSlash, ""}, {kQuoted, kOfHtml}, {kQuotedAndSlash, kOfHtml}}};

Secret written(const Secret& secret, const Writing& writing) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Secret out;
  for (const char& c : secret.expose()) {
    const auto code = static_cast<unsigned char>(c);
    const bool is_numbered = writing.by_number.find(c) != std::string_view::npos;
    if (is_numbered) {
      out.append("\\u00");
      out.append(kDigits.substr(code / 16, 1));
      out.append(kDigits.substr(code % 16, 1));
      continue;
    }
    if (writing.by_backslash.find(c) != std::string_view::npos) out.append("\\");
    out.append({&c, 1});
  }
  return out;
}

}  // namespace

Mask::Mask() : key_(random_key()) {}

void Mask::add_pattern(std::string_view bytes) {
  if (bytes.size() >= kShortest) {
    patterns_.push_back({bytes.size(), hash(key_, bytes), Checksum(key_, bytes).value()});
  }
}

void Mask::add(const Secret& secret) {
  add_form(secret);
  for (const Writing& writing : kEscapedWritings) {
    const Secret form = written(secret, writing);
    if (form.size() != secret.size()) add_form(form);
  }
}

void Mask::add_form(const Secret& secret) {
  if (secret.size() < kShortest) return;
  add_pattern(secret.expose());
  // In base64 the secret's characters depend on its offset modulo 3. Characters that also hold bits of neighbours are
  // left out on both sides.
  for (std::size_t offset = 0; offset < 3; ++offset) {
    Secret shifted(std::string_view("\0\0", offset));
    shifted.append(secret.expose());
    const Secret encoded = base64_encode(shifted);
    const std::size_t begin = offset == 0 ? 0 : offset + 1;
    const std::size_t end = shifted.size() * 8 / 6;
    if (end > begin) add_pattern(encoded.expose().substr(begin, end - begin));
  }
}

void Mask::find(const Pattern& pattern, std::string_view text, std::vector<Match>& matches) const {
  if (pattern.size > text.size()) return;
  Checksum checksum(key_, text.substr(0, pattern.size));
  for (std::size_t begin = 0;; ++begin) {
    const bool is_candidate = checksum.value() == pattern.checksum;
    if (is_candidate && hash(key_, text.substr(begin, pattern.size)) == pattern.hash)
      matches.push_back({begin, pattern.size});
    if (begin + pattern.size == text.size()) return;
    checksum.roll(text[begin], text[begin + pattern.size]);
  }
}

std::string Mask::apply(std::string_view text) const {
  std::vector<Match> matches;
  for (const Pattern& pattern : patterns_) find(pattern, text, matches);
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.size > b.size;  // of several at one place the longest
  });
  std::string out;
  std::size_t end = 0;
  for (const Match& match : matches) {
    if (match.begin < end) continue;
    out.append(text.substr(end, match.begin - end)).append("***");
    end = match.begin + match.size;
  }
  return out.append(text.substr(end));
}

}  // namespace mailcheck::base
