// FieldLexer: walks through the value of a structured header field (RFC 5322 section 3.2): blanks and comments, quoted
// strings, and runs of other bytes. Comments may nest and hold quoted pairs; their depth costs nothing.
//
// It looks at bytes of a stranger: whatever they are, it moves forwards or says no, and never past the end. It does not
// copy the text, which must outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::mail {

class FieldLexer {
 public:
  explicit FieldLexer(std::string_view text) : text_(text) {}

  [[nodiscard]] bool is_at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return is_at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] bool is_at(char c) const { return !is_at_end() && text_[at_] == c; }
  [[nodiscard]] std::size_t offset() const { return at_; }
  void go_to(std::size_t offset) { at_ = offset; }

  // CFWS: blanks, line ends, comments. False: a comment does not end; it then stands at its "(".
  [[nodiscard]] bool skip_blanks();
  // What the comments skipped since the last call said, without their outermost parentheses, joined by spaces.
  [[nodiscard]] std::string take_comments();
  void forget_comments() { comments_.clear(); }

  // The content of the quoted string that begins here. std::nullopt: none does, or it does not end; nothing is taken.
  [[nodiscard]] std::optional<std::string> take_quoted();
  // The bytes up to the first of `ends` or the end of the text; may be empty.
  std::string_view take_until(std::string_view ends);
  // What has been taken since that offset, as it stands.
  [[nodiscard]] std::string_view taken_since(std::size_t offset) const { return text_.substr(offset, at_ - offset); }
  // True: that byte stood here, and is taken.
  bool accept(char c);

 private:
  bool skip_comment();

  std::string_view text_;
  std::size_t at_ = 0;
  std::string comments_;
};

}  // namespace mailcheck::mail
