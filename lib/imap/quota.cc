#include "imap/quota.h"

#include "imap/ascii.h"
#include "imap/lexer.h"

namespace mailcheck::imap {

std::optional<std::vector<QuotaResource>> parse_quota(std::string_view data) {
  std::vector<QuotaResource> resources;
  Lexer lexer(data);
  lexer.space();
  const auto root = lexer.astring();
  if (!root || !lexer.space() || !lexer.take('(')) return std::nullopt;
  while (!lexer.take(')')) {
    if (lexer.space()) continue;
    const auto name = lexer.atom();
    if (!name || !lexer.space()) return std::nullopt;
    const auto used = lexer.number();
    if (!used || !lexer.space()) return std::nullopt;
    const auto limit = lexer.number();
    if (!limit) return std::nullopt;
    resources.push_back({*root, to_upper(*name), *used, *limit});
  }
  return resources;
}

}  // namespace mailcheck::imap
