#include "upgrade/sieve_response.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/number.h"

namespace mailcheck::upgrade {
namespace {

// Walks over a frame. What is not there is not taken.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  [[nodiscard]] bool is_at_end() const { return at_ == text_.size(); }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  bool skip(char c) {
    if (is_at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view word() {
    const std::size_t end = std::min(text_.find_first_of(" ()", at_), text_.size());
    const std::string_view found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }
  std::optional<std::string> string() {
    const std::size_t start = at_;
    auto found = rest().starts_with('{') ? literal() : quoted();
    if (!found) at_ = start;
    return found;
  }
  // From behind "(" to behind the ")" that closes it, strings and inner parentheses included. False if none does.
  bool skip_code() {
    for (std::size_t depth = 1; !is_at_end();) {
      const char c = text_[at_];
      if (c == '"' || c == '{') {
        if (!string()) return false;
        continue;
      }
      ++at_;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return true;
    }
    return false;
  }

 private:
  std::optional<std::string> quoted() {
    if (!skip('"')) return std::nullopt;
    std::string found;
    while (!is_at_end()) {
      char c = text_[at_++];
      if (c == '"') return found;
      if (c == '\\' && !is_at_end()) c = text_[at_++];
      if (c == '\r' || c == '\n') return std::nullopt;
      found += c;
    }
    return std::nullopt;
  }
  std::optional<std::string> literal() {
    const std::size_t feed = text_.find('\n', at_);
    const std::size_t close = text_.find('}', at_);
    if (feed == std::string_view::npos || close > feed) return std::nullopt;
    std::string_view digits = text_.substr(at_ + 1, close - at_ - 1);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    const auto size = base::parse_unsigned(digits);
    if (!size || *size > text_.size() - feed - 1) return std::nullopt;
    at_ = feed + 1 + static_cast<std::size_t>(*size);
    return std::string(text_.substr(feed + 1, static_cast<std::size_t>(*size)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<SieveCapability> parse_capability(Walk walk) {
  const auto name = walk.string();
  if (!name) return std::nullopt;
  if (walk.is_at_end()) return SieveCapability{*name};
  if (!walk.skip(' ')) return std::nullopt;
  if (walk.is_at_end()) return SieveCapability{*name};
  const auto value = walk.string();
  if (!value || !walk.is_at_end()) return std::nullopt;
  return SieveCapability{*name + " " + *value};
}

std::optional<Condition> condition_of(std::string_view status) {
  if (base::equals_ignoring_case(status, "OK")) return Condition::ok;
  if (base::equals_ignoring_case(status, "NO")) return Condition::refused;
  if (base::equals_ignoring_case(status, "BYE")) return Condition::bye;
  return std::nullopt;
}

std::string text_of(Walk walk) {
  const std::string_view raw = walk.rest();
  const auto text = walk.string();
  return text && walk.is_at_end() ? *text : std::string(raw);
}

std::optional<Reply> parse_reply(std::string_view frame) {
  Walk walk(frame);
  const std::string_view status = walk.word();
  const auto condition = condition_of(status);
  if (!condition || (!walk.is_at_end() && !walk.skip(' '))) return std::nullopt;
  Reply reply{.condition = *condition, .status = std::string(status), .head = std::string(status)};
  if (walk.skip('(')) {
    reply.code = base::to_upper(Walk(walk).word());
    if (!walk.skip_code()) return std::nullopt;
    reply.head = frame.substr(0, walk.at());
    walk.skip(' ');
  }
  reply.text = text_of(walk);
  return reply;
}

}  // namespace

std::optional<std::variant<SieveCapability, Reply>> parse_sieve_response(std::string_view frame) {
  using Response = std::variant<SieveCapability, Reply>;
  if (auto reply = parse_reply(frame)) return Response(std::move(*reply));
  if (auto capability = parse_capability(Walk(frame))) return Response(std::move(*capability));
  return std::nullopt;
}

}  // namespace mailcheck::upgrade
