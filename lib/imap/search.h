// SEARCH (RFC 9051 section 6.4.4): a user's criteria made safe, and the server's answer.
//
//   SEARCH result   "* SEARCH" *(SP number) [SP "(MODSEQ" SP number ")"]        (RFC 3501, 7162)
//   ESEARCH result  "* ESEARCH" [SP "(TAG" SP string ")"] [SP "UID"] *(SP item SP value)   (RFC 4731)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "imap/command.h"

namespace mailcheck::imap {

// A search program that can be sent: balanced, printable ASCII atoms and parentheses, strings that are sent as quoted
// or literal. Nothing is checked against the list of search keys: the server knows its own.
class SearchCriteria {
 public:
  // Error: kind local, detail says what is wrong ("quote not closed").
  [[nodiscard]] static base::Result<SearchCriteria> parse(std::string_view text);

  // "UID first:* HEADER name text". Precondition: is_sendable() both.
  [[nodiscard]] static SearchCriteria header_in_range(std::uint64_t first_uid, std::string_view header_name,
                                                      std::string_view text);
  [[nodiscard]] static SearchCriteria deleted();

  void append_to(Command& command) const;
  // True if a string is not ASCII: the command needs CHARSET UTF-8.
  [[nodiscard]] bool needs_charset() const { return needs_charset_; }

 private:
  struct Piece {
    enum class Kind { word, astring, string } kind;
    std::string text;
  };
  std::vector<Piece> pieces_;
  bool needs_charset_ = false;
};

struct SearchResult {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> numbers;  // empty when the server sent COUNT, MIN and MAX only
  std::optional<std::uint64_t> lowest, highest;
};

// `data` of a response named SEARCH or ESEARCH; std::nullopt if it is malformed.
[[nodiscard]] std::optional<SearchResult> parse_search(std::string_view data);
[[nodiscard]] std::optional<SearchResult> parse_extended_search(std::string_view data);

}  // namespace mailcheck::imap
