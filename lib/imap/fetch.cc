#include "imap/fetch.h"

#include "base/ascii.h"
#include "imap/date_time.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

constexpr std::size_t kLongestHeader = 4096;  // some fields; a hostile server may send more

// Cut at the end of a line, never in the middle of one: half of a secret would not be recognised.
std::string_view whole_lines(std::string_view text, std::size_t longest) {
  return text.substr(0, text.rfind('\n', longest - 1) + 1);
}

std::string_view as_header(std::string_view text) {
  return text.size() <= kLongestHeader ? text : whole_lines(text, kLongestHeader);
}

// The server cut what is as long as that, and not between lines.
std::string_view as_content(std::string_view text) {
  return text.size() < kLongestSection ? text : whole_lines(text, kLongestSection);
}

// "BODY[HEADER]", "BODY[]<0>": the section that was asked for, whether the server cuts it or not.
bool is_section(std::string_view name) {
  name = name.substr(0, name.find(']') + 1);
  return base::equals_ignoring_case(name, "BODY[HEADER]") || base::equals_ignoring_case(name, "BODY[]");
}

bool is_field_list(std::string_view name) {
  return base::equals_ignoring_case(name.substr(0, 18), "BODY[HEADER.FIELDS");
}

// One item's value; false if it is malformed.
bool read_item(Lexer& lexer, std::string_view name, Message& message) {
  if (base::equals_ignoring_case(name, "UID")) return (message.uid = lexer.number()).has_value();
  if (base::equals_ignoring_case(name, "RFC822.SIZE")) return (message.size = lexer.number64()).has_value();
  if (base::equals_ignoring_case(name, "INTERNALDATE")) {
    const auto text = lexer.string();
    if (!text) return false;
    message.received = parse_date_time(*text);
    return true;
  }
  if (is_field_list(name) || is_section(name)) {
    const auto text = lexer.nstring();
    if (!text) return false;
    if (is_section(name))
      message.content = as_content(*text);
    else
      message.header = as_header(*text);
    return true;
  }
  return lexer.skip_value();
}

}  // namespace

std::optional<Message> parse_fetch(std::uint64_t sequence, std::string_view data) {
  Message message;
  message.sequence = sequence;
  Lexer lexer(data);
  lexer.space();
  if (!lexer.take('(')) return std::nullopt;
  while (!lexer.take(')')) {
    lexer.space();
    const auto name = lexer.atom();
    if (!name || !lexer.space() || !read_item(lexer, *name, message)) return std::nullopt;
    lexer.space();
  }
  return message;
}

}  // namespace mailcheck::imap
