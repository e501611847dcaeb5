#include "imap/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailcheck::imap {
namespace {

constexpr std::string_view kMask = "***";

bool is_atom_character(char c) {
  return c > 0x20 && c < 0x7f && std::string_view("(){%*\"\\]").find(c) == std::string_view::npos;
}

bool needs_literal(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || (c & 0x80) != 0; });
}

std::size_t quoted_size_limit() {
  return 1000;
}  // lines of old servers end at 1024

}  // namespace

bool is_sendable(std::string_view text) {
  return text.find('\0') == std::string_view::npos;
}

void Command::write(std::string_view bytes, std::string_view display) {
  chunks_.back().bytes.append(bytes);
  chunks_.back().display += display;
}

Command& Command::keyword(std::string_view word) {
  write(word);
  return *this;
}

Command& Command::astring(std::string_view text, Visibility visibility) {
  const bool is_atom = !text.empty() && std::all_of(text.begin(), text.end(), is_atom_character);
  if (!is_atom) return string(text, visibility);
  write(text, visibility == Visibility::shown ? text : kMask);
  return *this;
}

Command& Command::string(std::string_view text, Visibility visibility) {
  if (needs_literal(text) || text.size() > quoted_size_limit()) {
    literal(text, visibility);
    return *this;
  }
  write("\"");
  for (const char& c : text) {
    if (c == '"' || c == '\\') write("\\", visibility == Visibility::shown ? "\\" : "");
    write(std::string_view(&c, 1), visibility == Visibility::shown ? std::string_view(&c, 1) : "");
  }
  if (visibility == Visibility::masked) write("", kMask);
  write("\"");
  return *this;
}

Command& Command::credentials(const base::Secret& base64) {
  write(base64.expose(), kMask);
  return *this;
}

void Command::literal(std::string_view text, Visibility visibility) {
  const bool waits = style_ == LiteralStyle::synchronizing;
  const std::string head = fmt::format("{{{}{}}}\r\n", text.size(), waits ? "" : "+");
  // the size of a masked text would tell its length: shown as "?"
  write(head, visibility == Visibility::shown ? std::string_view(head) : std::string_view("{?} "));
  if (waits) chunks_.emplace_back();
  write(text, visibility == Visibility::shown ? text : kMask);
}

std::vector<Chunk> Command::finish() && {
  chunks_.back().bytes.append("\r\n");
  return std::move(chunks_);
}

}  // namespace mailcheck::imap
