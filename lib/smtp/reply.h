// Reply: what an SMTP or LMTP server says to a command (RFC 5321 section 4.2, RFC 2034, RFC 3463): three digits, maybe
// an enhanced status code, and words on one line or many.
//
// ReplyReader frames bytes into replies, with every size capped, so a hostile server can neither fill memory nor keep
// us busy, and what comes out does not depend on the pieces in which the bytes came in. A malformed line is not taken:
// next() says the same again. Deviations tolerated and told as quirks: lines that end in a bare LF, a missing space
// after the code, an enhanced code whose class is not that of the reply (the reply code is believed).
//
// The first reply may turn from 2xx to a refusal between its lines, and is one then: postscreen greets with "220-",
// waits, and says 521 to whom it has found on a list meanwhile.
//
// An enhanced code is one only if it looks like [245].d{1,3}.d{1,3} and a space or the end follows; replies of class 3
// have none (RFC 2034 section 4), and what a greeting or EHLO says looks different (a version, an address).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailcheck::smtp {

struct Reply {
  int code = 0;                    // 200 to 599
  std::string enhanced;            // "5.7.8", from the first line that has one; empty if there is none
  std::vector<std::string> lines;  // without code, separator, enhanced code and line end; untrusted

  [[nodiscard]] int code_class() const { return code / 100; }
  [[nodiscard]] bool is_positive() const { return code_class() == 2; }
  [[nodiscard]] std::string text() const;       // the lines with a space between them
  [[nodiscard]] std::string code_text() const;  // "535 5.7.8"
};

struct ReplyLimits {
  std::size_t line = std::size_t{8} * 1024;      // one line, without its line feed
  std::size_t reply = std::size_t{64} * 1024;    // all lines of one reply
  std::size_t total = std::size_t{1024} * 1024;  // all that is read in the life of the reader
};

struct ReplyIncomplete {};
struct ReplyMalformed {
  std::string reason;  // "the code changes from 250 to 550 within a reply"
  std::string line;    // what was received, untrusted; cut by nothing but the limits: half a secret cannot be masked
};
using ReplyResult = std::variant<ReplyIncomplete, Reply, ReplyMalformed>;

class ReplyReader {
 public:
  explicit ReplyReader(ReplyLimits limits = {}) : limits_(limits) {}

  void receive(std::string_view bytes);
  [[nodiscard]] ReplyResult next();

  // Bytes received that no reply has taken yet, the lines of an unfinished reply included.
  [[nodiscard]] bool has_leftover() const { return begin_ < buffer_.size() || !partial_.lines.empty(); }
  [[nodiscard]] std::string_view leftover() const { return std::string_view(buffer_).substr(begin_); }
  void forget_leftover();
  // Deviations seen so far, each once, as clauses without a full stop.
  [[nodiscard]] const std::vector<std::string>& quirks() const { return quirks_; }

 private:
  [[nodiscard]] std::optional<ReplyMalformed> over_limit(std::size_t line_size) const;
  [[nodiscard]] std::optional<ReplyMalformed> fault_of(std::string_view line) const;
  bool take_line(std::string_view line);
  void note_quirk(std::string_view quirk);

  ReplyLimits limits_;
  std::string buffer_;
  std::size_t begin_ = 0;       // of the line; what stands before it is taken
  std::size_t scanned_ = 0;     // up to here the line is known to have no end
  std::size_t total_ = 0;       // bytes of all lines taken
  std::size_t reply_size_ = 0;  // bytes of the lines of partial_
  bool is_first_reply_ = true;  // no reply was taken yet
  Reply partial_;               // the lines so far of a reply that continues
  std::vector<std::string> quirks_;
};

}  // namespace mailcheck::smtp
