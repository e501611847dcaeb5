// Lexer: the words of one frame (framer.h), by the names of the grammar (RFC 9051 section 9). A method that finds its
// token consumes it; one that does not leaves the position where it was and answers false or std::nullopt. Tolerant
// where servers are: an atom ends only at space, parentheses and the line's end.
//
// Works on a view: the frame must outlive it. Nesting is capped, since recursion is the server's to choose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::imap {

// Digits alone, and no more than 32 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view word);

class Lexer {
 public:
  static constexpr int kNestingLimit = 20;

  explicit Lexer(std::string_view frame) : frame_(frame) {}

  [[nodiscard]] bool is_at_end() const { return at_ >= frame_.size(); }
  [[nodiscard]] std::size_t offset() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return frame_.substr(at_); }
  [[nodiscard]] char peek() const { return is_at_end() ? '\0' : frame_[at_]; }

  bool take(char c);
  // One space or more (servers send two).
  bool space();
  // One or more characters up to space, parenthesis or quote; the "[...]" of BODY and BINARY belongs to the atom,
  // spaces, quotes and all (BODY[HEADER.FIELDS ("DATE" FROM)]).
  std::optional<std::string_view> atom();
  // 32 bits, as nearly all numbers of IMAP: messages, UIDs, counts.
  std::optional<std::uint64_t> number();
  // Sizes and quota (RFC 9051, RFC 9208).
  std::optional<std::uint64_t> number64();
  // quoted or literal
  std::optional<std::string> string();
  // atom, quoted or literal
  std::optional<std::string> astring();
  // string, or NIL as an empty one
  std::optional<std::string> nstring();
  // One value of any kind: atom, string, or a parenthesised list of values. False: malformed or nested too deeply.
  bool skip_value() { return skip_value(0); }

 private:
  using Parse = std::optional<std::uint64_t> (*)(std::string_view);
  std::optional<std::uint64_t> number_by(Parse parse);
  bool skip_value(int depth);
  std::optional<std::string> quoted();
  std::optional<std::string> literal();

  std::string_view frame_;
  std::size_t at_ = 0;
};

}  // namespace mailcheck::imap
