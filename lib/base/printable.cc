#include "base/printable.h"

#include <cstdint>
#include <limits>

namespace mailcheck::base {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t size = 0;  // 0: invalid
};

// One UTF-8 sequence at the front of text (RFC 3629: no surrogates, no overlong forms).
Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return {};
  std::uint32_t code = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  const bool is_overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool is_invalid = (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff;
  return is_overlong || is_invalid ? Character{} : Character{code, size};
}

// Characters that move the cursor, end the line or turn the reading direction.
bool is_unprintable(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 || code == 0x61c ||
         (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

std::string clean(std::string_view text, std::size_t limit) {
  std::string out;
  bool is_cut = false;
  while (!text.empty()) {
    const Character character = decode(text);
    const std::size_t size = character.size == 0 ? 1 : character.size;
    std::string_view next = text.substr(0, size);
    if (character.size == 0)
      next = "?";
    else if (is_unprintable(character.code))
      next = " ";
    else if (next == "|")
      next = "/";
    else if (next == "<")
      next = "[";
    else if (next == ">")
      next = "]";
    const bool is_repeated_space = next == " " && is_unprintable(character.code) && !out.empty() && out.back() == ' ';
    if (out.size() + next.size() > limit) {
      is_cut = true;
      break;
    }
    if (!is_repeated_space) out += next;
    text.remove_prefix(size);
  }
  if (is_cut) out += "...";
  return out;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::string out = clean(text, limit);
  out.erase(out.find_last_not_of(' ') + 1);
  out.erase(0, out.find_first_not_of(' '));
  return out;
}

std::string printable_line(std::string_view text) {
  return clean(text, std::numeric_limits<std::size_t>::max());
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = decode(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace mailcheck::base
