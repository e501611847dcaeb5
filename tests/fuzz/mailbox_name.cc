// Mailbox names: the wire form and back are inverse, and nothing in the wire form can end a command. The same input is
// a user's search, which may never become a second command either.
#include "imap/mailbox_name.h"

#include <algorithm>

#include "imap/command.h"
#include "imap/framer.h"
#include "imap/search.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

// A line end only at the end of a chunk, or inside of a literal, whose size is announced by the chunk before.
void check_chunks(imap::Command command) {
  std::size_t literal = 0;
  for (const auto& chunk : std::move(command).finish()) {
    const std::string_view bytes = chunk.bytes.expose();
    hold(bytes.size() >= literal + 2 && bytes.ends_with("\r\n"), "a chunk has its literal and ends in a line end");
    const std::string_view line = bytes.substr(literal, bytes.size() - literal - 2);
    hold(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos, "a command is one line");
    const std::size_t announced = imap::announced_literal(line);
    literal = announced == std::string_view::npos ? 0 : announced;
  }
  hold(literal == 0, "an announced literal is sent");
}

}  // namespace

void mailbox_name(std::string_view input) {
  const std::string decoded = imap::decode_mailbox_name(input);
  if (const auto wire = imap::encode_mailbox_name(input)) {
    hold(std::all_of(wire->begin(), wire->end(), [](char c) { return c >= 0x20 && c < 0x7f; }),
         "a wire form is printable ASCII");
    hold(imap::decode_mailbox_name(*wire) == input, "a name survives the way there and back");
    imap::Command command;
    command.keyword("A1 SELECT ").astring(*wire);
    check_chunks(std::move(command));
  }
  if (const auto again = imap::encode_mailbox_name(decoded); again && decoded != input) {
    hold(imap::decode_mailbox_name(*again) == decoded, "a decoded name survives the way back and there");
  }
  if (imap::is_sendable(input)) {
    imap::Command command;
    command.keyword("A1 LOGIN ").astring(input).keyword(" ").string(input, imap::Visibility::masked);
    check_chunks(std::move(command));
  }
  if (const auto criteria = imap::SearchCriteria::parse(input)) {
    imap::Command command;
    command.keyword("A1 SEARCH ");
    criteria->append_to(command);
    check_chunks(std::move(command));
  }
}

}  // namespace mailcheck::fuzz
