#include "imap/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "imap/lexer.h"
#include "imap/refusal.h"

namespace mailcheck::imap {
namespace {

using base::ErrorKind;
using base::Stage;

constexpr std::size_t kMostRemembered = 16;  // alerts, referrals: what a person can read

void remember(std::vector<std::string>& list, std::string text) {
  if (list.size() < kMostRemembered) list.push_back(std::move(text));
}

// The server complained and went: its words say why, and at log in whether that has to do with the credentials.
base::Error lost_after(Stage stage, const Response& complaint) {
  base::Error lost = refusal(stage, complaint);
  lost.is_answered = false;
  if (lost.kind == ErrorKind::auth_unavailable) return lost;
  lost.kind = ErrorKind::connection_lost;
  lost.detail = "the server closed the connection";
  lost.is_about_credentials = false;
  return lost;
}

}  // namespace

base::Error Session::error(ErrorKind kind, std::string detail, std::string peer_text) const {
  return {stage_, kind, std::move(detail), std::move(peer_text)};
}

void Session::note_quirk(std::string_view name) {
  if (std::find(quirks_.begin(), quirks_.end(), name) == quirks_.end()) quirks_.emplace_back(name);
}

// ---------------------------------------------------------------- driving

base::Step Session::next() {
  if (failed_before_sending_) return *std::exchange(failed_before_sending_, std::nullopt);
  if (!chunks_.empty() && !awaits_continuation_) return send_next_chunk();
  if (waiting_ == Waiting::nothing) return base::Done{};
  while (true) {
    FrameResult result = framer_.next();
    if (framer_.has_seen_bare_line_feed()) note_quirk("lines end in LF alone");
    if (std::holds_alternative<FrameIncomplete>(result)) return at_end_of_frames();
    if (const auto* malformed = std::get_if<FrameMalformed>(&result)) {
      return error(ErrorKind::protocol_error, malformed->reason);
    }
    if (auto step = handle(std::get<Frame>(result))) return std::move(*step);
  }
}

// News are told once all is read that came with them.
base::Step Session::at_end_of_frames() {
  if (has_ended_) return at_end_of_input();
  if (waiting_ != Waiting::news || !is_stirred_) return base::NeedMore{};
  waiting_ = Waiting::nothing;
  return base::Done{};
}

base::Step Session::send_next_chunk() {
  Chunk chunk = std::move(chunks_.front());
  chunks_.pop_front();
  awaits_continuation_ = !chunks_.empty();
  return base::Write{std::move(chunk.bytes), std::move(chunk.display)};
}

base::Step Session::at_end_of_input() const {
  if (stage_ == Stage::logout && has_bye_) return base::Done{};
  if (pending_error_) return *pending_error_;
  const std::string_view partial = framer_.leftover();
  if (complaint_ && partial.empty()) return lost_after(stage_, *complaint_);
  if (stage_ == Stage::greeting && partial.empty()) {
    return error(ErrorKind::greeting, "the server closed the connection without a greeting");
  }
  return error(ErrorKind::connection_lost,
               partial.empty() ? "the server closed the connection" : "the server closed the connection in mid-reply",
               std::string(partial));
}

std::optional<base::Step> Session::handle(const Frame& frame) {
  const auto response = parse_response(frame.bytes);
  if (waiting_ == Waiting::greeting) {
    if (response && response->kind == ResponseKind::status) return on_greeting(*response, frame.bytes);
    return base::Step(error(ErrorKind::greeting, "the server's first words are no IMAP greeting", frame.bytes));
  }
  if (!response) {
    return base::Step(error(ErrorKind::protocol_error, "a reply that is not IMAP", frame.bytes));
  }
  switch (response->kind) {
    case ResponseKind::continuation: return on_continuation(*response);
    case ResponseKind::tagged: return on_tagged(*response);
    case ResponseKind::status: return on_untagged_status(*response);
    case ResponseKind::data: return on_data(*response);
  }
  return std::nullopt;
}

std::optional<base::Step> Session::on_greeting(const Response& response, const std::string& line) {
  greeting_ = {response.condition, line};
  last_reply_ = response;
  if (response.condition == Condition::bye) {
    base::Error refused = error(ErrorKind::greeting, "the server turns the connection away", response.text);
    refused.peer_code = reply_code_of(response);
    return base::Step(std::move(refused));
  }
  if (response.condition == Condition::no || response.condition == Condition::bad) {
    return base::Step(error(ErrorKind::greeting, "the server's first words are no IMAP greeting", line));
  }
  // Dovecot says this while its log in processes are busy; the real greeting follows.
  if (response.text.starts_with("Waiting for authentication process")) return std::nullopt;
  on_status(response);
  waiting_ = Waiting::nothing;
  return base::Step(base::Done{});
}

// A BYE ends the session at once: whoever waited for a tagged reply behind it would often wait in vain.
std::optional<base::Step> Session::on_untagged_status(const Response& response) {
  on_status(response);
  if (response.condition == Condition::no || response.condition == Condition::bad) complaint_ = response;
  if (response.condition != Condition::bye || stage_ == Stage::logout) return std::nullopt;
  if (pending_error_) return base::Step(*pending_error_);
  return base::Step(refusal(stage_, response));
}

void Session::on_status(const Response& response) {
  last_reply_ = response;
  has_bye_ |= response.condition == Condition::bye;
  if (response.code == "CAPABILITY") capabilities_ = Capabilities::parse(response.code_arguments);
  if (response.code == "ALERT" || response.code == "WEBALERT") remember(alerts_, words_of(response));
  if (response.code == "REFERRAL") remember(referrals_, response.code_arguments);
  if (response.code == "COPYUID" && stage_ == Stage::cleanup) take_copied(response);
  if (stage_ != Stage::select) return;
  if (response.code == "UIDVALIDITY") mailbox_.uid_validity = Lexer(response.code_arguments).number();
  if (response.code == "UIDNEXT") mailbox_.uid_next = Lexer(response.code_arguments).number();
}

std::optional<base::Step> Session::on_continuation(const Response& response) {
  if (awaits_continuation_) {
    awaits_continuation_ = false;
    return send_next_chunk();
  }
  if (waiting_ == Waiting::go_ahead) {
    is_idling_ = true;
    waiting_ = Waiting::nothing;
    return base::Step(base::Done{});
  }
  if (mechanism_) return answer_challenge(response.text);
  if (pending_error_) return std::nullopt;
  return base::Step(error(ErrorKind::protocol_error, "the server asks for more where nothing follows", response.text));
}

std::optional<base::Step> Session::on_tagged(const Response& response) {
  const bool is_expected = waiting_ != Waiting::news || is_idling_;
  if (response.tag != tag_ || !is_expected) {
    return base::Step(error(ErrorKind::protocol_error,
                            fmt::format("a reply to another command, expected one to {}", tag_),
                            fmt::format("{} {} {}", response.tag, to_string(response.condition), words_of(response))));
  }
  on_status(response);
  const Waiting waited = std::exchange(waiting_, Waiting::nothing);
  is_idling_ = false;
  chunks_.clear();
  awaits_continuation_ = false;
  if (pending_error_) {
    pending_error_->is_answered = true;
    return base::Step(*std::exchange(pending_error_, std::nullopt));
  }
  const bool has_asked_for_end = waited == Waiting::tagged;
  if (response.condition == Condition::ok && !has_asked_for_end) return stopped_idling();
  const bool is_partial = stage_ == Stage::fetch && response.code == "EXPUNGEISSUED";
  if (response.condition == Condition::ok || is_partial) return on_success();
  base::Error refused = refusal(stage_, response);
  if (mechanism_ && !mechanism_->server_error().empty()) {
    refused.peer_text += " " + mechanism_->server_error();
    refused.is_about_credentials = refused.kind == ErrorKind::auth_failed;  // the mechanism's own way to say so
  }
  mechanism_.reset();
  return base::Step(std::move(refused));
}

// The server's answer to IDLE, though nobody said DONE.
base::Step Session::stopped_idling() const {
  base::Error stopped = error(ErrorKind::protocol_error, "the server ended IDLE unasked", words_of(*last_reply_));
  stopped.is_answered = true;
  return stopped;
}

base::Step Session::on_success() {
  if (stage_ == Stage::starttls) {
    capabilities_ = {};
    if (framer_.has_leftover()) {
      return error(ErrorKind::starttls_injected, "plain text follows the go-ahead of STARTTLS",
                   std::string(framer_.leftover()));
    }
  }
  if (stage_ == Stage::capability && !capabilities_.is_known()) {
    return error(ErrorKind::protocol_error, "the server lists no capabilities");
  }
  if (stage_ == Stage::select) {
    mailbox_.is_read_only = last_reply_->code == "READ-ONLY";
    if (!has_exists_) return error(ErrorKind::protocol_error, "the server does not tell the number of messages");
  }
  if (stage_ == Stage::auth && last_reply_->code != "CAPABILITY" && !has_fresh_capabilities_) capabilities_ = {};
  if (const auto mechanism = std::exchange(mechanism_, nullptr)) {
    if (auto finished = mechanism->finish(); !finished) return finished.error();
  }
  return base::Done{};
}

}  // namespace mailcheck::imap
