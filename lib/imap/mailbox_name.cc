#include "imap/mailbox_name.h"

#include <cstdint>

#include "base/ascii.h"

namespace mailcheck::imap {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

// One character of valid UTF-8 at the front; size 0 if it is not.
struct Decoded {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

Decoded decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) return {};
  std::uint32_t code = byte(0) & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, size};
}

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int continuations = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::uint32_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(kLead[continuations] | (code >> (6 * continuations)));
  for (int i = continuations - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3f));
}

void append_utf16(std::string& units, std::uint32_t code) {
  const auto unit = [&](std::uint32_t value) {
    units += static_cast<char>(value >> 8);
    units += static_cast<char>(value & 0xff);
  };
  if (code < 0x10000) return unit(code);
  code -= 0x10000;
  unit(0xd800 | (code >> 10));
  unit(0xdc00 | (code & 0x3ff));
}

// "&...-" for a run of UTF-16 in big-endian order
std::string encode_run(std::string_view units) {
  std::string out = "&";
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : units) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += kAlphabet[(bits >> (count - 6)) & 0x3f];
  }
  if (count > 0) out += kAlphabet[(bits << (6 - count)) & 0x3f];
  return out + "-";
}

std::optional<std::string> decode_run(std::string_view run) {
  if (run.empty()) return "&";
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::uint32_t high = 0;  // high surrogate that waits for its partner
  for (const char c : run) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 16) continue;
    count -= 16;
    const std::uint32_t unit = (bits >> count) & 0xffff;
    if (high != 0) {
      if (unit < 0xdc00 || unit > 0xdfff) return std::nullopt;
      append_utf8(out, 0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
      high = 0;
    } else if (unit >= 0xd800 && unit <= 0xdbff) {
      high = unit;
    } else if (unit >= 0xdc00 && unit <= 0xdfff) {
      return std::nullopt;
    } else {
      append_utf8(out, unit);
    }
  }
  const bool has_surplus_bits = count >= 6 || (bits & ((1U << count) - 1)) != 0;
  if (high != 0 || has_surplus_bits) return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> encode_mailbox_name(std::string_view utf8) {
  std::string out;
  std::string units;
  const auto flush = [&] {
    if (!units.empty()) out += encode_run(units);
    units.clear();
  };
  while (!utf8.empty()) {
    const Decoded next = decode_utf8(utf8);
    if (next.size == 0 || next.code == 0 || next.code == '\r' || next.code == '\n') return std::nullopt;
    if (next.code >= 0x20 && next.code < 0x7f) {
      flush();
      out += next.code == '&' ? std::string("&-") : std::string(1, static_cast<char>(next.code));
    } else {
      append_utf16(units, next.code);
    }
    utf8.remove_prefix(next.size);
  }
  flush();
  return out;
}

std::string decode_mailbox_name(std::string_view wire) {
  std::string out;
  for (std::size_t at = 0; at < wire.size(); ++at) {
    if (wire[at] != '&') {
      out += wire[at];
      continue;
    }
    const std::size_t end = wire.find('-', at);
    const auto run = end == std::string_view::npos ? std::nullopt : decode_run(wire.substr(at + 1, end - at - 1));
    if (!run) return std::string(wire);
    out += *run;
    at = end;
  }
  return out;
}

bool is_same_mailbox(std::string_view a, std::string_view b) {
  return a == b || (base::equals_ignoring_case(a, "INBOX") && base::equals_ignoring_case(b, "INBOX"));
}

}  // namespace mailcheck::imap
