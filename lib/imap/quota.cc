#include "imap/quota.h"

#include "base/ascii.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

constexpr std::size_t kLongestRoot = 1000;
constexpr std::size_t kLongestName = 100;

}  // namespace

std::optional<std::vector<QuotaResource>> parse_quota(std::string_view data) {
  std::vector<QuotaResource> resources;
  Lexer lexer(data);
  lexer.space();
  const auto root = lexer.astring();
  if (!root || root->size() > kLongestRoot || !lexer.space() || !lexer.take('(')) return std::nullopt;
  while (!lexer.take(')')) {
    if (lexer.space()) continue;
    const auto name = lexer.atom();
    if (!name || name->size() > kLongestName || !lexer.space()) return std::nullopt;
    const auto used = lexer.number64();
    if (!used || !lexer.space()) return std::nullopt;
    const auto limit = lexer.number64();
    if (!limit) return std::nullopt;
    resources.push_back({*root, base::to_upper(*name), *used, *limit});
  }
  return resources;
}

}  // namespace mailcheck::imap
