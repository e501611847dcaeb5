#include "upgrade/sieve.h"

#include <utility>

#include "upgrade/sieve_response.h"

namespace mailcheck::upgrade {

using base::Stage;

std::optional<Reply> SieveSession::reply_of(std::string_view frame) const {
  auto response = parse_sieve_response(frame);
  if (!response || !std::holds_alternative<Reply>(*response)) return std::nullopt;
  return std::get<Reply>(std::move(*response));
}

std::optional<base::Step> SieveSession::take(std::string_view frame) {
  auto response = parse_sieve_response(frame);
  if (!response) return not_understood(frame);
  if (auto* reply = std::get_if<Reply>(&*response)) return on_reply(std::move(*reply));
  if (stage() == Stage::starttls) return not_understood(frame);
  lines_.push_back(std::move(std::get<SieveCapability>(*response).line));
  return std::nullopt;
}

std::optional<base::Step> SieveSession::on_reply(Reply reply) {
  const bool is_ok = reply.condition == Condition::ok;
  if (stage() == Stage::logout && is_ok && !lines_.empty()) {  // the list that follows the handshake
    await_next_answer();
    return std::nullopt;
  }
  const bool is_list = stage() == Stage::greeting || stage() == Stage::capability;
  if (is_list && is_ok) capabilities_ = std::exchange(lines_, {});
  return conclude(std::move(reply));
}

}  // namespace mailcheck::upgrade
