#include "mail/field_lexer.h"

#include <algorithm>
#include <utility>

namespace mailcheck::mail {

bool FieldLexer::skip_blanks() {
  while (!is_at_end()) {
    if (text_[at_] == '(') {
      if (!skip_comment()) return false;
    } else if (std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    } else {
      break;
    }
  }
  return true;
}

bool FieldLexer::skip_comment() {
  std::size_t depth = 0;
  for (std::size_t i = at_; i < text_.size(); ++i) {
    if (text_[i] == '\\') {
      ++i;
    } else if (text_[i] == '(') {
      ++depth;
    } else if (text_[i] == ')' && --depth == 0) {
      if (!comments_.empty()) comments_ += ' ';
      comments_ += text_.substr(at_ + 1, i - at_ - 1);
      at_ = i + 1;
      return true;
    }
  }
  return false;
}

std::string FieldLexer::take_comments() {
  return std::exchange(comments_, {});
}

std::optional<std::string> FieldLexer::take_quoted() {
  if (!is_at('"')) return std::nullopt;
  std::string content;
  for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '"') {
      at_ = i + 1;
      return content;
    }
    if (text_[i] == '\\' && ++i == text_.size()) break;
    content += text_[i];
  }
  return std::nullopt;
}

std::string_view FieldLexer::take_until(std::string_view ends) {
  const std::size_t end = std::min(text_.find_first_of(ends, at_), text_.size());
  const std::string_view taken = text_.substr(at_, end - at_);
  at_ = end;
  return taken;
}

bool FieldLexer::accept(char c) {
  if (!is_at(c)) return false;
  ++at_;
  return true;
}

}  // namespace mailcheck::mail
