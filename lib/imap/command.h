// Command: the bytes of one client command, made by types so that user input can never become a second command.
//
// Arguments are added as what they are: keyword() for words of ours, astring() for text of a user. astring() picks
// atom, quoted or literal; a literal splits the command into chunks, and the next chunk may go out only after the
// server's "+" (RFC 9051 section 4.3), unless it offers LITERAL+ (RFC 7888).
//
// Text with NUL cannot be sent at all: is_sendable() tells, and whoever takes text from a user asks it first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace mailcheck::imap {

enum class LiteralStyle { synchronizing, non_synchronizing };
enum class Visibility { shown, masked };

struct Chunk {
  base::Secret bytes;
  std::string display;
};

// No NUL; CR and LF are fine (they make a literal), NUL is not (literal8 is not spoken here).
[[nodiscard]] bool is_sendable(std::string_view text);

class Command {
 public:
  explicit Command(LiteralStyle style = LiteralStyle::synchronizing) : style_(style) { chunks_.emplace_back(); }

  // Text of our own, written as it is. Only string literals of this project: never user input.
  Command& keyword(std::string_view word);
  // Precondition: is_sendable(text).
  Command& astring(std::string_view text, Visibility visibility = Visibility::shown);
  // Like astring, but an empty or special text is always quoted or literal, never an atom.
  Command& string(std::string_view text, Visibility visibility = Visibility::shown);

  // Base64 of credentials: shown as "***".
  Command& credentials(const base::Secret& base64);

  // Adds the line end; the chunks in the order in which they are sent.
  [[nodiscard]] std::vector<Chunk> finish() &&;

 private:
  void write(std::string_view bytes) { write(bytes, bytes); }
  void write(std::string_view bytes, std::string_view display);
  void literal(std::string_view text, Visibility visibility);

  LiteralStyle style_;
  std::vector<Chunk> chunks_;
};

}  // namespace mailcheck::imap
