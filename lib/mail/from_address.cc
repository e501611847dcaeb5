#include "mail/from_address.h"

#include <string>

#include "mail/field_lexer.h"

namespace mailcheck::mail {
namespace {

constexpr std::string_view kEndsOfWord = " \t\r\n(<>\",;:";

// Words up to a byte that is not one, without comments, quoted strings as they stand. Blanks stay as one space, but not
// around "@" and ".", where RFC 5322 section 4.4 lets them stand. std::nullopt: a comment or string does not end.
std::optional<std::string> take_words(FieldLexer& lexer) {
  std::string words;
  while (true) {
    const std::size_t before = lexer.offset();
    if (!lexer.skip_blanks()) return std::nullopt;
    const bool has_gap = lexer.offset() > before;
    const std::size_t begin = lexer.offset();
    if (lexer.is_at('"') && !lexer.take_quoted()) return std::nullopt;
    if (lexer.offset() == begin) lexer.take_until(kEndsOfWord);
    const std::string_view word = lexer.taken_since(begin);
    if (word.empty()) return words;
    const bool is_joined = words.ends_with('@') || words.ends_with('.') || word.front() == '@' || word.front() == '.';
    if (has_gap && !words.empty() && !is_joined) words += ' ';
    words += word;
  }
}

// Behind "<": "user@example.org>", or with a source route "@relay,@relay:user@example.org>".
std::optional<std::string> take_angle_address(FieldLexer& lexer) {
  auto words = take_words(lexer);
  while (words && words->starts_with('@') && (lexer.accept(',') || lexer.accept(':'))) words = take_words(lexer);
  if (!words || !lexer.accept('>') || !lexer.skip_blanks()) return std::nullopt;
  return words;
}

}  // namespace

std::optional<Address> parse_single_mailbox(std::string_view value) {
  FieldLexer lexer(value);
  auto words = take_words(lexer);
  if (words && lexer.accept('<')) words = take_angle_address(lexer);
  if (!words || !lexer.is_at_end()) return std::nullopt;
  auto address = Address::parse(*words);
  if (address && address->domain().empty()) return std::nullopt;
  return address;
}

std::optional<Address> read_from_address(const HeaderSection& header) {
  const auto values = header.all("From");
  return values.size() == 1 ? parse_single_mailbox(values.front()) : std::nullopt;
}

}  // namespace mailcheck::mail
