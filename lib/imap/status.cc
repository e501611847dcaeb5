#include "imap/status.h"

#include <array>
#include <utility>

#include "base/ascii.h"
#include "imap/lexer.h"

namespace mailcheck::imap {
namespace {

struct Item {
  std::string_view name;
  std::optional<std::uint64_t> FolderStatus::*value;
};
constexpr std::array<Item, 3> kItems = {{{"MESSAGES", &FolderStatus::messages},
                                         {"UIDNEXT", &FolderStatus::uid_next},
                                         {"UIDVALIDITY", &FolderStatus::uid_validity}}};

// One item's value; false if it is malformed.
bool read_item(Lexer& lexer, std::string_view name, FolderStatus& status) {
  for (const Item& item : kItems) {
    if (base::equals_ignoring_case(name, item.name)) return (status.*item.value = lexer.number()).has_value();
  }
  return lexer.skip_value();
}

bool read_items(Lexer& lexer, FolderStatus& status) {
  if (!lexer.take('(')) return false;
  while (!lexer.take(')')) {
    lexer.space();
    const auto name = lexer.atom();
    if (!name || !lexer.space() || !read_item(lexer, *name, status)) return false;
    lexer.space();
  }
  return true;
}

// "Junk E-mail (UIDNEXT 5)": all that stands before the list is the name.
std::optional<FolderStatus> parse_unquoted(std::string_view data) {
  const std::size_t list = data.rfind(" (");
  if (list == std::string_view::npos || list == 0) return std::nullopt;
  FolderStatus status{.name = std::string(data.substr(0, list))};
  Lexer lexer(data.substr(list + 1));
  if (!read_items(lexer, status)) return std::nullopt;
  return status;
}

}  // namespace

std::optional<FolderStatus> parse_status(std::string_view data) {
  FolderStatus status;
  Lexer lexer(data);
  lexer.space();
  const bool is_atom = lexer.peek() != '"' && lexer.peek() != '{';
  auto name = lexer.astring();
  if (!name) return std::nullopt;
  status.name = std::move(*name);
  if (is_atom && (!lexer.space() || lexer.peek() != '(')) return parse_unquoted(data);
  lexer.space();
  if (read_items(lexer, status)) return status;
  return is_atom ? parse_unquoted(data) : std::nullopt;
}

}  // namespace mailcheck::imap
