#include "base/base64.h"

#include <array>
#include <cstdint>

namespace mailcheck::base {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// One group of up to three bytes -> four characters.
std::array<char, 4> encode_group(std::string_view group) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    bits = (bits << 8) | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
  }
  std::array<char, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) {
    out[i] = i <= group.size() ? kAlphabet[(bits >> (18 - 6 * i)) & 0x3fU] : '=';
  }
  return out;
}

template <typename Append>
void encode(std::string_view bytes, Append append) {
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    auto group = encode_group(bytes.substr(at, 3));
    append(std::string_view(group.data(), group.size()));
    wipe(group.data(), group.size());
  }
}

std::optional<std::uint32_t> value_of(char c) {
  const auto at = kAlphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  encode(bytes, [&](std::string_view group) { out += group; });
  return out;
}

Secret base64_encode(const Secret& bytes) {
  Secret out;
  encode(bytes.expose(), [&](std::string_view group) { out.append(group); });
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::string_view group = text.substr(at, 4);
    std::size_t padding = 0;
    if (at + 4 == text.size()) padding = group[2] == '=' ? 2 : (group[3] == '=' ? 1 : 0);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4 - padding; ++i) {
      const auto value = value_of(group[i]);
      if (!value) return std::nullopt;
      bits |= *value << (18 - 6 * i);
    }
    if (padding == 2 && group[3] != '=') return std::nullopt;
    if ((bits & ((1U << (8 * padding)) - 1)) != 0) return std::nullopt;  // bits that canonical base64 leaves zero
    for (std::size_t i = 0; i < 3 - padding; ++i) out += static_cast<char>((bits >> (16 - 8 * i)) & 0xffU);
  }
  return out;
}

}  // namespace mailcheck::base
