#include "smtp/session.h"

#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "smtp/reply_class.h"

namespace mailcheck::smtp {
namespace {

using base::ErrorKind;
using base::Stage;

// What a refused greeting is called: by its words if they say why, else "greeting".
ErrorKind greeting_kind(const Reply& reply) {
  const ErrorKind kind = reply_class(Stage::greeting, reply);
  const bool says_nothing = kind == ErrorKind::permanent || kind == ErrorKind::temporary || kind == ErrorKind::policy;
  return says_nothing ? ErrorKind::greeting : kind;
}

}  // namespace

base::Error Session::error(ErrorKind kind, std::string detail, std::string peer_text) const {
  return {stage_, kind, std::move(detail), std::move(peer_text)};
}

base::Step Session::next() {
  if (failed_before_sending_) {
    waiting_ = Waiting::nothing;
    return *std::exchange(failed_before_sending_, std::nullopt);
  }
  if (unsent_) {
    if (reader_.has_leftover()) return on_early_reply();
    base::Write write = std::move(*unsent_);
    unsent_.reset();
    return write;
  }
  if (waiting_ == Waiting::nothing) return base::Done{};
  ReplyResult result = reader_.next();
  if (auto* reply = std::get_if<Reply>(&result)) return handle(std::move(*reply));
  if (auto* malformed = std::get_if<ReplyMalformed>(&result)) {
    const bool is_first = stage_ == Stage::greeting;
    return error(
        is_first ? ErrorKind::greeting : ErrorKind::protocol_error,
        is_first ? "the server's first words are no SMTP greeting: " + malformed->reason : std::move(malformed->reason),
        std::move(malformed->line));
  }
  if (!has_ended_) return base::NeedMore{};
  has_closed_ = true;
  return at_end_of_input();
}

// What stands there before a command was sent is no answer to it: all later replies would be one off.
base::Step Session::on_early_reply() {
  unsent_.reset();
  ReplyResult result = reader_.next();
  auto* reply = std::get_if<Reply>(&result);
  if (reply != nullptr && reply->code == 421) return handle(std::move(*reply));  // may come at any time
  waiting_ = Waiting::nothing;
  has_closed_ = true;
  return error(ErrorKind::protocol_error, "the server spoke before it was asked",
               reply != nullptr ? reply->code_text() + " " + reply->text() : std::string(reader_.leftover()));
}

base::Error Session::at_end_of_input() const {
  if (pending_error_) return *pending_error_;
  const bool is_partial = reader_.has_leftover();
  if (stage_ == Stage::greeting && !is_partial) {
    return error(ErrorKind::greeting, "the server closed the connection without a greeting");
  }
  if (stage_ == Stage::data) {
    return error(ErrorKind::delivery_unknown,
                 "the connection was lost after the final dot, so that nobody knows whether the message was taken");
  }
  return error(ErrorKind::connection_lost,
               is_partial ? "the server closed the connection in mid-reply" : "the server closed the connection",
               std::string(reader_.leftover()));
}

bool Session::is_hoped_for() const {
  const int code = last_reply_->code;
  switch (stage_) {
    case Stage::auth: return code == 235;
    case Stage::body: return code == 354;
    default: return code / 100 == 2;
  }
}

base::Step Session::handle(Reply reply) {
  last_reply_ = std::move(reply);
  has_closed_ |= last_reply_->code == 421;
  if (stage_ == Stage::greeting) return on_greeting();
  if (stage_ == Stage::auth && (last_reply_->code == 334 || pending_error_)) return on_auth();
  waiting_ = Waiting::nothing;
  if (is_hoped_for()) return on_success();
  base::Error refused = refusal(stage_ == Stage::body ? Stage::data : stage_, *last_reply_);
  if (mechanism_ && !mechanism_->server_error().empty()) refused.peer_text += " " + mechanism_->server_error();
  mechanism_.reset();
  return refused;
}

base::Step Session::on_greeting() {
  greeting_ = last_reply_;
  waiting_ = Waiting::nothing;
  if (last_reply_->is_positive()) return base::Done{};
  base::Error refused = refusal(stage_, *last_reply_);
  refused.kind = greeting_kind(*last_reply_);
  if (refused.kind == ErrorKind::greeting) refused.detail = "the server turns the connection away";
  return refused;
}

base::Step Session::on_auth() {
  if (!pending_error_) return answer_challenge(last_reply_->text());
  waiting_ = Waiting::nothing;
  pending_error_->is_answered = last_reply_->code != 334;
  return *std::exchange(pending_error_, std::nullopt);
}

base::Step Session::on_success() {
  if (stage_ == Stage::ehlo) extensions_ = Extensions::parse(is_extended_ ? *last_reply_ : Reply());
  if (stage_ == Stage::starttls) {
    extensions_ = {};
    if (reader_.has_leftover()) {
      return error(ErrorKind::starttls_injected, "plain text follows the go-ahead of STARTTLS",
                   std::string(reader_.leftover()));
    }
  }
  if (const auto mechanism = std::exchange(mechanism_, nullptr)) {
    if (auto finished = mechanism->finish(); !finished) return finished.error();
  }
  return base::Done{};
}

base::Step Session::answer_challenge(std::string_view text) {
  if (!mechanism_)
    return error(ErrorKind::protocol_error, "the server asks for more where nothing follows", std::string(text));
  if (initial_response_) {  // it was too long for the command's line; RFC 4954 section 4: the challenge is empty
    base::Secret line = std::move(*initial_response_);
    initial_response_.reset();
    line.append("\r\n");
    return base::Write{std::move(line), "***"};
  }
  const auto challenge = base::base64_decode(text);
  if (!challenge)
    return refuse_challenge(error(ErrorKind::protocol_error, "a challenge that is not base64", std::string(text)));
  auto response = mechanism_->respond(*challenge);
  if (!response) return refuse_challenge(std::move(response.error()));
  base::Secret line = base::base64_encode(*response);
  std::string display = line.is_empty() ? "" : "***";
  line.append("\r\n");
  return base::Write{std::move(line), std::move(display)};
}

base::Step Session::refuse_challenge(base::Error refused) {
  mechanism_.reset();
  pending_error_ = std::move(refused);
  return base::Write{base::Secret("*\r\n"), "*"};
}

}  // namespace mailcheck::smtp
