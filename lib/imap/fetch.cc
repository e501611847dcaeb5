#include "imap/fetch.h"

#include "base/ascii.h"
#include "imap/date_time.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

constexpr std::size_t kLongestHeader = 4096;  // four fields that a person reads; a hostile server may send more

// Cut at the end of a line, never in the middle of one: half of a secret would not be recognised.
std::string_view whole_lines(std::string_view text) {
  if (text.size() <= kLongestHeader) return text;
  return text.substr(0, text.rfind('\n', kLongestHeader - 1) + 1);
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
  if (base::equals_ignoring_case(name.substr(0, 11), "BODY[HEADER")) {
    auto text = lexer.nstring();
    if (!text) return false;
    message.header = whole_lines(*text);
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
