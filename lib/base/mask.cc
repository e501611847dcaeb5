#include "base/mask.h"

#include <sys/random.h>

#include <algorithm>
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

}  // namespace

Mask::Mask() : key_(random_key()) {}

void Mask::add_pattern(std::string_view bytes) {
  if (bytes.size() >= kShortest) patterns_.push_back({bytes.size(), hash(key_, bytes)});
}

void Mask::add(const Secret& secret) {
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

std::size_t Mask::match_at(std::string_view text) const {
  std::size_t longest = 0;
  for (const Pattern& pattern : patterns_) {
    if (pattern.size <= longest || pattern.size > text.size()) continue;
    if (hash(key_, text.substr(0, pattern.size)) == pattern.hash) longest = pattern.size;
  }
  return longest;
}

std::string Mask::apply(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = match_at(text);
    out += size == 0 ? text.substr(0, 1) : std::string_view("***");
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

}  // namespace mailcheck::base
