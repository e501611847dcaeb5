#include "imap/list.h"

#include <algorithm>

#include "base/ascii.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

constexpr std::size_t kMostAttributes = 64;  // RFC 9051 and its extensions define some 20

}  // namespace

std::optional<ListedMailbox> parse_list(std::string_view data) {
  ListedMailbox mailbox;
  Lexer lexer(data);
  lexer.space();
  if (!lexer.take('(')) return std::nullopt;
  while (!lexer.take(')')) {
    if (lexer.space()) continue;
    const auto attribute = lexer.atom();
    if (!attribute || mailbox.attributes.size() == kMostAttributes) return std::nullopt;
    mailbox.attributes.emplace_back(*attribute);
  }
  if (!lexer.space() || !lexer.nstring() || !lexer.space()) return std::nullopt;
  auto name = lexer.astring();
  if (!name) return std::nullopt;
  // an unquoted name may hold characters that end an atom; the rest of the line belongs to it (quirk)
  mailbox.name = std::move(*name);
  if (!lexer.is_at_end() && lexer.peek() != ' ') mailbox.name += lexer.rest();
  return mailbox;
}

bool exists(const ListedMailbox& mailbox) {
  return std::none_of(mailbox.attributes.begin(), mailbox.attributes.end(),
                      [](const auto& attribute) { return base::equals_ignoring_case(attribute, "\\NonExistent"); });
}

}  // namespace mailcheck::imap
