// The verbs of imap::Session: what is sent; more of them in session_look.cc. What is made of the answers stands in
// session.cc and session_data.cc.
#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "imap/session.h"
#include "imap/uid_set.h"

namespace mailcheck::imap {
namespace {

using base::ErrorKind;
using base::Stage;

constexpr FrameLimits kSearchLimits = {.line = std::size_t{1024} * 1024};

}  // namespace

void Session::expect_greeting() {
  stage_ = Stage::greeting;
  waiting_ = Waiting::greeting;
}

Command Session::new_command(std::string_view verb) {
  tag_ = fmt::format("A{}", ++last_tag_);
  const bool may_not_wait = capabilities_.has("LITERAL+");
  Command command(may_not_wait ? LiteralStyle::non_synchronizing : LiteralStyle::synchronizing);
  command.keyword(tag_).keyword(" ").keyword(verb);
  return command;
}

void Session::start(Stage stage, Command command) {
  stage_ = stage;
  waiting_ = Waiting::tagged;
  complaint_.reset();
  statuses_.clear();
  has_asked_status_ = is_idling_ = false;
  framer_.set_limits(stage == Stage::search ? kSearchLimits : FrameLimits{});
  for (Chunk& chunk : std::move(command).finish()) chunks_.push_back(std::move(chunk));
}

void Session::capability() {
  capabilities_ = {};
  start(Stage::capability, new_command("CAPABILITY"));
}

void Session::starttls() {
  start(Stage::starttls, new_command("STARTTLS"));
  // What stands there before the command was sent is no answer to it.
  if (framer_.leftover().empty()) return;
  failed_before_sending_ =
      error(ErrorKind::protocol_error, "the server spoke before it was asked", std::string(framer_.leftover()));
}

void Session::tls_started() {
  capabilities_ = {};
  framer_.forget_leftover();
}

void Session::login(std::string_view user, const base::Secret& password) {
  has_fresh_capabilities_ = false;
  Command command = new_command("LOGIN ");
  command.astring(user).keyword(" ").astring(password.expose(), Visibility::masked);
  start(Stage::auth, std::move(command));
}

void Session::authenticate(std::unique_ptr<sasl::Mechanism> mechanism, InitialResponse initial_response) {
  has_fresh_capabilities_ = has_answered_ = false;
  Command command = new_command("AUTHENTICATE ");
  command.keyword(mechanism->name());
  mechanism_ = std::move(mechanism);
  if (initial_response == InitialResponse::allowed && mechanism_->is_client_first()) {
    auto response = mechanism_->respond({});
    if (!response) {  // nothing was sent yet: there is nothing to abort
      stage_ = Stage::auth;
      mechanism_.reset();
      waiting_ = Waiting::nothing;
      failed_before_sending_ = response.error();
      return;
    }
    command.keyword(" ").credentials(response->is_empty() ? base::Secret("=") : base::base64_encode(*response));
  }
  start(Stage::auth, std::move(command));
}

base::Step Session::answer_challenge(std::string_view text) {
  auto challenge = base::base64_decode(text);
  if (!challenge && mechanism_->is_client_first() && !has_answered_) challenge = "";  // "+ go ahead": text, not base64
  if (!challenge)
    return refuse_challenge(error(ErrorKind::protocol_error, "a challenge that is not base64", std::string(text)));
  has_answered_ = true;
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

void Session::open(std::string_view wire_name, OpenMode mode) {
  mailbox_ = {};
  has_exists_ = has_news_ = false;
  Command command = new_command(mode == OpenMode::examine ? "EXAMINE " : "SELECT ");
  command.astring(wire_name);
  start(Stage::select, std::move(command));
}

void Session::list(std::string_view wire_name) {
  listed_.clear();
  listed_bytes_ = 0;
  Command command = new_command("LIST \"\" ");
  command.string(wire_name);
  start(Stage::list, std::move(command));
}

void Session::search(const SearchCriteria& criteria, Numbers numbers) {
  found_ = {};
  Command command = new_command(numbers == Numbers::uid ? "UID SEARCH " : "SEARCH ");
  if (criteria.needs_charset()) command.keyword("CHARSET UTF-8 ");
  criteria.append_to(command);
  start(Stage::search, std::move(command));
}

void Session::search_extent(const SearchCriteria& criteria, Numbers numbers) {
  found_ = {};
  Command command = new_command(numbers == Numbers::uid ? "UID SEARCH " : "SEARCH ");
  command.keyword("RETURN (COUNT MIN MAX) ");
  if (criteria.needs_charset()) command.keyword("CHARSET UTF-8 ");
  criteria.append_to(command);
  start(Stage::search, std::move(command));
}

void Session::forget_messages() {
  messages_.clear();
  messages_bytes_ = 0;
  has_left_messages_out_ = keeps_by_uid_ = false;
}

void Session::fetch(const FetchRequest& request) {
  forget_messages();
  Command command = new_command(request.numbers == Numbers::uid ? "UID FETCH " : "FETCH ");
  command.keyword(write_set(request.messages));
  const bool wants_headers = request.items == FetchRequest::Items::headers;
  command.keyword(wants_headers
                      ? " (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE FROM SUBJECT MESSAGE-ID)])"
                      : " (UID INTERNALDATE)");
  start(Stage::fetch, std::move(command));
}

void Session::quota(std::string_view wire_name) {
  resources_.clear();
  Command command = new_command("GETQUOTAROOT ");
  command.astring(wire_name);
  start(Stage::quota, std::move(command));
}

void Session::logout() {
  start(Stage::logout, new_command("LOGOUT"));
}

}  // namespace mailcheck::imap
