#include "upgrade/pop3.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace mailcheck::upgrade {
namespace {

// Size of "[CODE]" at the start of the text (RFC 2449 section 8); 0 if there is none.
std::size_t code_size(std::string_view text) {
  const std::size_t close = text.find(']');
  if (!text.starts_with('[') || close == std::string_view::npos) return 0;
  const std::string_view code = text.substr(1, close - 1);
  return code.empty() || code.find(' ') != std::string_view::npos ? 0 : close + 1;
}

}  // namespace

std::optional<Reply> parse_pop3_reply(std::string_view line) {
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view status = line.substr(0, space);
  const bool is_ok = base::equals_ignoring_case(status, "+OK");
  if (!is_ok && !base::equals_ignoring_case(status, "-ERR")) return std::nullopt;
  std::string_view text = line.substr(std::min(space + 1, line.size()));
  Reply reply{.condition = is_ok ? Condition::ok : Condition::refused,
              .status = std::string(status),
              .head = std::string(status)};
  if (const std::size_t size = is_ok ? 0 : code_size(text); size > 0) {
    reply.code = base::to_upper(text.substr(1, size - 2));
    reply.head = line.substr(0, space + 1 + size);
    text.remove_prefix(size);
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  reply.text = text;
  return reply;
}

std::optional<Reply> Pop3Session::reply_of(std::string_view frame) const {
  return parse_pop3_reply(frame);
}

std::optional<base::Step> Pop3Session::take(std::string_view frame) {
  const bool is_listing = stage() == base::Stage::capability;
  if (is_listing && !is_first_frame()) return take_listed(frame);
  auto reply = parse_pop3_reply(frame);
  if (!reply) return not_understood(frame);
  if (!is_listing) return conclude(std::move(*reply));
  if (reply->condition == Condition::refused) return settle(std::move(*reply));
  last_reply_ = std::move(reply);
  return std::nullopt;
}

// RFC 1939 section 3: a dot alone ends the list, and one more dot stands before a line that begins with one.
std::optional<base::Step> Pop3Session::take_listed(std::string_view line) {
  if (line == ".") {
    capabilities_ = std::exchange(lines_, {});
    return settle(std::move(*last_reply_));
  }
  if (line.starts_with('.')) line.remove_prefix(1);
  lines_.emplace_back(line);
  return std::nullopt;
}

}  // namespace mailcheck::upgrade
