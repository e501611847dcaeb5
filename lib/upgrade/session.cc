#include "upgrade/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace mailcheck::upgrade {
namespace {

using base::ErrorKind;
using base::Stage;

std::string_view first_word(std::string_view line) {
  return line.substr(0, line.find(' '));
}

}  // namespace

base::Error Session::error(ErrorKind kind, std::string detail, std::string_view peer_text) const {
  return {stage_, kind, std::move(detail), std::string(peer_text)};
}

// ---------------------------------------------------------------- verbs

void Session::start(Stage stage, std::string_view command) {
  stage_ = stage;
  unsent_ = command;
  is_waiting_ = true;
  await_next_answer();
}

void Session::expect_greeting() {
  start(Stage::greeting, {});
}

void Session::capability() {
  capabilities_.reset();
  start(Stage::capability, words_.capability);
}

void Session::starttls() {
  start(Stage::starttls, words_.starttls);
}

void Session::tls_started() {
  capabilities_.reset();
  framer_.forget_leftover();
}

void Session::leave() {
  start(words_.leave_stage, words_.leave);
}

bool Session::may_start_tls() const {
  if (!capabilities_) return true;
  return std::any_of(capabilities_->begin(), capabilities_->end(), [&](const std::string& line) {
    return base::equals_ignoring_case(first_word(line), words_.starttls);
  });
}

// ---------------------------------------------------------------- driving

base::Step Session::next() {
  if (!unsent_.empty()) {
    if (framer_.has_leftover()) return on_early_words();
    const std::string_view command = std::exchange(unsent_, {});
    return base::Write{base::Secret(fmt::format("{}\r\n", command)), std::string(command)};
  }
  while (is_waiting_) {
    FrameResult result = framer_.next();
    if (std::holds_alternative<FrameIncomplete>(result)) return has_ended_ ? at_end_of_input() : base::NeedMore{};
    if (const auto* malformed = std::get_if<FrameMalformed>(&result)) {
      const bool is_first = stage_ == Stage::greeting;
      return error(is_first ? ErrorKind::greeting : ErrorKind::protocol_error, malformed->reason, malformed->bytes);
    }
    if (auto step = take(std::get<Frame>(result).bytes)) return std::move(*step);
  }
  return base::Done{};
}

// What stands there before a command was sent is no answer to it: all later answers would be one off.
base::Step Session::on_early_words() {
  unsent_ = {};
  is_waiting_ = false;
  FrameResult result = framer_.next();
  const auto* frame = std::get_if<Frame>(&result);
  if (frame != nullptr) {
    auto reply = reply_of(frame->bytes);
    if (reply && reply->condition == Condition::bye) return conclude(std::move(*reply));  // may come at any time
  }
  has_closed_ = true;
  return error(ErrorKind::protocol_error, "the server spoke before it was asked",
               frame != nullptr ? std::string_view(frame->bytes) : framer_.leftover());
}

base::Step Session::at_end_of_input() {
  has_closed_ = true;
  const bool is_partial = framer_.has_leftover() || framer_.frames() > 0;
  if (stage_ == Stage::greeting && !is_partial) {
    return error(ErrorKind::greeting, "the server closed the connection without a greeting");
  }
  return error(ErrorKind::connection_lost,
               is_partial ? "the server closed the connection in mid-reply" : "the server closed the connection",
               framer_.leftover());
}

base::Step Session::not_understood(std::string_view frame) const {
  if (stage_ != Stage::greeting) {
    return error(ErrorKind::protocol_error, fmt::format("a reply that is not {}", words_.protocol), frame);
  }
  return error(ErrorKind::greeting, fmt::format("the server's first words are no {} greeting", words_.protocol), frame);
}

// ---------------------------------------------------------------- answers

void Session::await_next_answer() {
  lines_.clear();
  framer_.begin_response();
}

base::Step Session::settle(Reply reply) {
  is_waiting_ = false;
  last_reply_ = std::move(reply);
  return base::Done{};
}

base::Step Session::conclude(Reply reply) {
  is_waiting_ = false;
  last_reply_ = std::move(reply);
  has_closed_ |= last_reply_->condition == Condition::bye;
  if (stage_ == Stage::greeting) greeting_ = last_reply_->text;
  if (stage_ == words_.leave_stage) return base::Done{};
  return last_reply_->condition == Condition::ok ? on_success() : base::Step(refusal());
}

base::Step Session::on_success() {
  if (stage_ != Stage::starttls) return base::Done{};
  capabilities_.reset();
  if (!framer_.has_leftover()) return base::Done{};
  return error(ErrorKind::starttls_injected, "plain text follows the go-ahead of STARTTLS", framer_.leftover());
}

base::Error Session::refusal() const {
  const bool is_bye = last_reply_->condition == Condition::bye;
  base::Error refused = error(ErrorKind::command_refused, "the server refused the command", last_reply_->text);
  refused.peer_code = last_reply_->head;
  refused.is_answered = !is_bye;
  if (stage_ == Stage::greeting) {
    refused.kind = ErrorKind::greeting;
    refused.detail = "the server turns the connection away";
  } else if (is_bye) {
    refused.kind = ErrorKind::connection_lost;
    refused.detail = "the server said good-bye";
  } else if (stage_ == Stage::starttls) {
    refused.kind = ErrorKind::starttls_refused;
    refused.detail = "STARTTLS refused";
  }
  if (is_bye && last_reply_->code == "REFERRAL") refused.detail += " and refers to another";
  return refused;
}

}  // namespace mailcheck::upgrade
