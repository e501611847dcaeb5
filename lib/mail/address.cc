#include "mail/address.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/printable.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kLongestAddress = 254;
constexpr std::size_t kLongestDomain = 255;
constexpr std::size_t kLongestLabel = 63;

bool is_above_ascii(char c) {
  return (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || is_above_ascii(c);
}

// RFC 5322 atext, and UTF-8 (RFC 6532).
bool is_atom_text(char c) {
  return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// RFC 5321 Dot-string, with the dots at the ends and in a row that some real addresses have (RFC 5321 has none).
bool is_dot_string(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atom_text(c); });
}

// Where the quoted string that begins the text ends (behind its last quote); npos if it does not.
std::size_t end_of_quoted(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') return i + 1;
    if (c == '\\') ++i;
    const bool is_control = i < text.size() && static_cast<unsigned char>(text[i]) < 0x20;
    if (is_control || i >= text.size() || text[i] == 0x7f) break;
  }
  return std::string_view::npos;
}

bool is_label(std::string_view label) {
  const auto is_inside = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), is_inside);
}

// RFC 5321 section 4.1.3, loosely: what stands between the brackets is the server's to judge.
bool is_literal(std::string_view text) {
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
  text = text.substr(1, text.size() - 2);
  const auto is_inside = [](char c) {
    return !is_above_ascii(c) && (is_letter_or_digit(c) || c == '.' || c == ':' || c == '-');
  };
  return std::all_of(text.begin(), text.end(), is_inside);
}

}  // namespace

bool is_domain(std::string_view text) {
  if (is_literal(text)) return true;
  if (text.empty() || text.size() > kLongestDomain || !base::is_utf8(text)) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::optional<Address> Address::parse(std::string_view text) {
  if (text.empty() || text.size() > kLongestAddress || !base::is_utf8(text)) return std::nullopt;
  const bool is_quoted = text.front() == '"';
  const std::size_t at = is_quoted ? end_of_quoted(text) : std::min(text.find('@'), text.size());
  if (at == std::string_view::npos || (!is_quoted && !is_dot_string(text.substr(0, at)))) return std::nullopt;
  if (at == text.size()) return Address(std::string(text), at);
  if (text[at] != '@' || !is_domain(text.substr(at + 1))) return std::nullopt;
  return Address(std::string(text), at);
}

std::string_view Address::domain() const {
  return at_ == text_.size() ? std::string_view() : std::string_view(text_).substr(at_ + 1);
}

bool Address::is_ascii() const {
  return base::is_ascii(text_);
}

}  // namespace mailcheck::mail
