#include "mail/transfer_encoding.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/ascii.h"

namespace mailcheck::mail {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string decode_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;  // of the bits that are not taken yet
  for (const char c : text.substr(0, text.find('='))) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> count) & 0xffU);
  }
  return out;
}

std::optional<unsigned> hex_digit(char c) {
  if (base::is_digit(c)) return static_cast<unsigned>(c - '0');
  const char upper = base::to_upper(c);
  if (upper >= 'A' && upper <= 'F') return static_cast<unsigned>(upper - 'A' + 10);
  return std::nullopt;
}

// The size of "=", spaces and a line end at `at`; 0 if that is not what stands there.
std::size_t soft_break(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of(" \t\r", at + 1), text.size());
  if (end == text.size()) return end - at;
  return text[end] == '\n' ? end + 1 - at : 0;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
      continue;
    }
    const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (low) {
      out += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else if (const std::size_t size = soft_break(text, i); size > 0) {
      i += size - 1;
    } else {
      out += '=';
    }
  }
  return out;
}

}  // namespace

std::string decode_transfer(std::string_view text, std::string_view encoding) {
  if (base::equals_ignoring_case(encoding, "base64")) return decode_base64(text);
  if (base::equals_ignoring_case(encoding, "quoted-printable")) return decode_quoted_printable(text);
  return std::string(text);
}

}  // namespace mailcheck::mail
