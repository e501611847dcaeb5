#include "imap/lexer.h"

#include <limits>

#include "base/ascii.h"
#include "base/number.h"
#include "imap/framer.h"

namespace mailcheck::imap {
namespace {

// "BODY", "BODY.PEEK", "BINARY.SIZE": a "[" behind them begins a section; in a keyword it is a letter like others.
bool may_have_section(std::string_view word) {
  return base::equals_ignoring_case(word.substr(0, 4), "BODY") ||
         base::equals_ignoring_case(word.substr(0, 6), "BINARY");
}

}  // namespace

bool Lexer::take(char c) {
  if (is_at_end() || frame_[at_] != c) return false;
  ++at_;
  return true;
}

bool Lexer::space() {
  const std::size_t before = at_;
  while (take(' ')) {
  }
  return at_ != before;
}

std::optional<std::string_view> Lexer::atom() {
  std::size_t end = at_;
  bool is_in_section = false;
  while (end < frame_.size()) {
    const char c = frame_[end];
    if (c == '\r' || c == '\n') break;
    if (!is_in_section && (c == ' ' || c == '(' || c == ')' || c == '"')) break;
    if (c == '[') is_in_section = may_have_section(frame_.substr(at_, end - at_));
    if (c == ']') is_in_section = false;
    ++end;
  }
  if (end == at_) return std::nullopt;
  const std::string_view word = frame_.substr(at_, end - at_);
  if (word.front() == '{' || word.starts_with("~{")) return std::nullopt;
  at_ = end;
  return word;
}

std::optional<std::uint64_t> parse_number(std::string_view word) {
  const auto value = base::parse_unsigned(word);
  return value && *value <= std::numeric_limits<std::uint32_t>::max() ? value : std::nullopt;
}

std::optional<std::uint64_t> Lexer::number_by(Parse parse) {
  const std::size_t before = at_;
  const auto word = atom();
  const auto value = word ? parse(*word) : std::nullopt;
  if (!value) at_ = before;
  return value;
}

std::optional<std::uint64_t> Lexer::number() {
  return number_by(&parse_number);
}

std::optional<std::uint64_t> Lexer::number64() {
  return number_by(&base::parse_unsigned);
}

std::optional<std::string> Lexer::quoted() {
  if (peek() != '"') return std::nullopt;
  std::string out;
  for (std::size_t i = at_ + 1; i < frame_.size(); ++i) {
    char c = frame_[i];
    if (c == '"') {
      at_ = i + 1;
      return out;
    }
    if (c == '\r' || c == '\n') return std::nullopt;
    if (c == '\\') {
      if (++i == frame_.size()) return std::nullopt;
      c = frame_[i];
    }
    out += c;
  }
  return std::nullopt;
}

std::optional<std::string> Lexer::literal() {
  std::size_t open = at_;
  if (peek() == '~') ++open;
  if (open >= frame_.size() || frame_[open] != '{') return std::nullopt;
  const std::size_t line_end = frame_.find('\n', open);
  if (line_end == std::string_view::npos) return std::nullopt;
  std::string_view head = frame_.substr(open, line_end - open);
  if (head.ends_with('\r')) head.remove_suffix(1);
  const std::size_t size = announced_literal(head);
  if (size == std::string_view::npos || head.rfind('{') != 0 || size > frame_.size() - line_end - 1)
    return std::nullopt;
  at_ = line_end + 1 + size;
  return std::string(frame_.substr(line_end + 1, size));
}

std::optional<std::string> Lexer::string() {
  if (auto text = quoted()) return text;
  return literal();
}

std::optional<std::string> Lexer::astring() {
  if (auto text = string()) return text;
  if (const auto word = atom()) return std::string(*word);
  return std::nullopt;
}

std::optional<std::string> Lexer::nstring() {
  if (auto text = string()) return text;
  const std::size_t before = at_;
  const auto word = atom();
  if (word && base::equals_ignoring_case(*word, "NIL")) return std::string();
  at_ = before;
  return std::nullopt;
}

bool Lexer::skip_value(int depth) {
  if (depth > kNestingLimit) return false;
  if (!take('(')) return astring().has_value();
  while (!take(')')) {
    if (is_at_end()) return false;
    if (!space() && !skip_value(depth + 1)) return false;
  }
  return true;
}

}  // namespace mailcheck::imap
