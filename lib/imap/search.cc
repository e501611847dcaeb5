#include "imap/search.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

base::Result<SearchCriteria> refuse(std::string detail) {
  return base::fail({base::Stage::search, base::ErrorKind::local, std::move(detail)});
}

bool is_word_character(char c) {
  return c > 0x20 && c < 0x7f && std::string_view("(){\"\\").find(c) == std::string_view::npos;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

// The text of a quoted string that begins at text[at]; at is moved past it.
std::optional<std::string> take_quoted(std::string_view text, std::size_t& at) {
  std::string out;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '"') {
      ++at;
      return out;
    }
    if (text[at] == '\\' && ++at == text.size()) return std::nullopt;
    out += text[at];
  }
  return std::nullopt;
}

}  // namespace

base::Result<SearchCriteria> SearchCriteria::parse(std::string_view text) {
  SearchCriteria criteria;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      auto string = take_quoted(text, at);
      if (!string) return refuse("quote not closed");
      if (!is_sendable(*string)) return refuse("a string holds a NUL byte, which cannot be sent");
      criteria.needs_charset_ |= !is_ascii(*string);
      criteria.pieces_.push_back({Piece::Kind::string, std::move(*string)});
    } else if (c == '(' || c == ')' || c == ' ') {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth < 0) return refuse("closing parenthesis without an opening one");
      criteria.pieces_.push_back({Piece::Kind::word, std::string(1, c)});
      ++at;
    } else {
      const std::size_t begin = at;
      while (at < text.size() && is_word_character(text[at])) ++at;
      if (at == begin) return refuse("a character that must stand in quotes, or cannot be sent");
      criteria.pieces_.push_back({Piece::Kind::word, std::string(text.substr(begin, at - begin))});
    }
  }
  if (depth != 0) return refuse("parenthesis not closed");
  if (text.find_first_not_of(' ') == std::string_view::npos) return refuse("search criteria are empty");
  return criteria;
}

SearchCriteria SearchCriteria::header_in_range(std::uint64_t first_uid, std::string_view header_name,
                                               std::string_view text) {
  SearchCriteria criteria;
  criteria.needs_charset_ = !is_ascii(header_name) || !is_ascii(text);
  criteria.pieces_ = {{Piece::Kind::word, fmt::format("UID {}:* HEADER ", first_uid)},
                      {Piece::Kind::astring, std::string(header_name)},
                      {Piece::Kind::word, " "},
                      {Piece::Kind::string, std::string(text)}};
  return criteria;
}

SearchCriteria SearchCriteria::deleted() {
  SearchCriteria criteria;
  criteria.pieces_ = {{Piece::Kind::word, "DELETED"}};
  return criteria;
}

void SearchCriteria::append_to(Command& command) const {
  for (const Piece& piece : pieces_) {
    switch (piece.kind) {
      case Piece::Kind::word: command.keyword(piece.text); break;
      case Piece::Kind::astring: command.astring(piece.text); break;
      case Piece::Kind::string: command.string(piece.text); break;
    }
  }
}

std::optional<SearchResult> parse_search(std::string_view data) {
  SearchResult result;
  Lexer lexer(data);
  lexer.space();
  while (!lexer.is_at_end()) {
    if (lexer.peek() == '(') {  // (MODSEQ n)
      if (!lexer.skip_value()) return std::nullopt;
    } else {
      const auto number = lexer.number();
      if (!number) return std::nullopt;
      result.numbers.push_back(*number);
    }
    if (!lexer.is_at_end() && !lexer.space()) return std::nullopt;
  }
  result.count = result.numbers.size();
  if (result.count > 0) {
    const auto [lowest, highest] = std::minmax_element(result.numbers.begin(), result.numbers.end());
    result.lowest = *lowest;
    result.highest = *highest;
  }
  return result;
}

std::optional<SearchResult> parse_extended_search(std::string_view data) {
  SearchResult result;
  Lexer lexer(data);
  lexer.space();
  bool is_separated = true;
  if (lexer.peek() == '(') {  // (TAG "A1")
    if (!lexer.skip_value()) return std::nullopt;
    is_separated = lexer.space();
  }
  for (; !lexer.is_at_end(); is_separated = lexer.space()) {
    if (!is_separated) return std::nullopt;
    const auto item = lexer.atom();
    if (!item) return std::nullopt;
    if (base::equals_ignoring_case(*item, "UID")) continue;
    if (!lexer.space()) return std::nullopt;
    const bool is_known = base::equals_ignoring_case(*item, "COUNT") || base::equals_ignoring_case(*item, "MIN") ||
                          base::equals_ignoring_case(*item, "MAX");
    if (!is_known) {
      if (!lexer.skip_value()) return std::nullopt;
      continue;
    }
    const auto value = lexer.number();
    if (!value) return std::nullopt;
    if (base::equals_ignoring_case(*item, "COUNT"))
      result.count = *value;
    else if (base::equals_ignoring_case(*item, "MIN"))
      result.lowest = value;
    else
      result.highest = value;
  }
  return result;
}

}  // namespace mailcheck::imap
