#include "probe/smtp_submission.h"

#include <utility>

#include "client/hello_name.h"
#include "probe/smtp_transaction.h"

namespace mailcheck::probe {

using base::Result;
using base::Stage;

SmtpSubmission::SmtpSubmission(SmtpSubmitRequest request, const Environment& environment)
    : request_(std::move(request)),
      deadlines_(environment.clock, request_.timeout),
      mask_(mask_of(request_.credentials, request_.tls, std::move(request_.mask))),
      timeline_(environment.clock),
      transcript_(environment.clock, mask_, request_.recording),
      connection_({environment.clock, environment.resolver, environment.dialer, timeline_, transcript_}),
      client_(connection_, deadlines_.session()) {
  timeline_.observe(request_.on_step);
  facts_.host = request_.target.unix_socket.empty() ? request_.target.host : request_.target.unix_socket;
  facts_.port = request_.target.port;
  facts_.now = environment.clock.wall();
}

void SmtpSubmission::run() {
  auto result = reach_server();
  is_connected_ = result.has_value();
  if (result && !stops_at_connect()) result = converse();
  request_.credentials.reset();
  if (!result) facts_.error = std::move(result.error());
  timeline_.stop();
}

Result<void> SmtpSubmission::reach_server() {
  const Encryption encryption = has_tls(request_) ? request_.encryption : Encryption::none;
  return reach(connection_, {request_.target, encryption, request_.tls, request_.proxy}, deadlines_.session());
}

Result<void> SmtpSubmission::converse() {
  if (auto greeted = noted(Stage::greeting, client_.greeting()); !greeted) return greeted;
  if (request_.stop_after == SmtpStop::greeting) return {};
  if (auto greeted = hello(); !greeted) return greeted;
  if (request_.stop_after == SmtpStop::ehlo) return {};
  if (auto secured = secure(); !secured) return secured;
  if (request_.stop_after == SmtpStop::tls) return {};
  if (auto logged_in = log_in(); !logged_in) return logged_in;
  if (request_.stop_after == SmtpStop::auth || !request_.envelope) return {};
  return SmtpTransaction(client_, request_, facts_).run();
}

Result<void> SmtpSubmission::noted(Stage stage, Result<void> result) {
  note_reply(client_.session(), facts_, stage, result);
  return result;
}

Result<void> SmtpSubmission::hello() {
  return noted(Stage::ehlo, client_.hello(request_.hello, client::hello_name(request_.hello_name, connection_)));
}

Result<void> SmtpSubmission::secure() {
  if (request_.encryption == Encryption::implicit) return {};
  facts_.extensions_before_tls = client_.session().extensions().lines();
  if (request_.encryption == Encryption::none) return {};
  if (auto secured = noted(Stage::starttls, client_.starttls()); !secured) return secured;
  return hello();
}

Result<void> SmtpSubmission::log_in() {
  if (!request_.credentials) return {};
  auto let_in = client_.log_in({.credentials = std::move(*request_.credentials),
                                .mechanism = request_.mechanism,
                                .plain_text = request_.plain_text_auth,
                                .mask = &mask_});
  if (!client_.mechanism().empty()) facts_.mechanism = client_.mechanism();
  facts_.is_logged_in = let_in.has_value();
  if (client_.mechanism().empty()) return let_in;  // nothing was asked, so nothing was answered
  return noted(Stage::auth, std::move(let_in));
}

SmtpSubmitFacts SmtpSubmission::finish(base::Deadline good_bye) {
  collect_session();
  // Before the greeting nobody waits for QUIT.
  if (!timeline_.unfinished() && is_connected_ && !stops_at_connect()) {
    client_.quit(good_bye);
    if (!timeline_.unfinished()) timeline_.stop();
  }
  collect(connection_, timeline_, transcript_, facts_);
  mask_words(mask_, static_cast<SessionFacts&>(facts_));
  mask_more_words();
  return std::move(facts_);
}

void SmtpSubmission::collect_session() {
  const smtp::Session& session = client_.session();
  if (session.greeting()) facts_.greeting = session.greeting()->text();
  if (session.extensions().is_known()) facts_.extensions = session.extensions().lines();
  facts_.quirks = session.quirks();
  const auto& reply = session.last_reply();
  if (!reply) return;
  facts_.reply_code = std::to_string(reply->code);
  facts_.reply_enhanced = reply->enhanced;
  facts_.reply_text = reply->text();
}

void SmtpSubmission::mask_more_words() {
  if (facts_.greeting) facts_.greeting = mask_.apply(*facts_.greeting);
  if (facts_.extensions_before_tls) mask_words(mask_, *facts_.extensions_before_tls);
  if (facts_.extensions) mask_words(mask_, *facts_.extensions);
  for (SmtpReply& reply : facts_.replies) reply.text = mask_.apply(reply.text);
  facts_.block_list = mask_.apply(facts_.block_list);
}

}  // namespace mailcheck::probe
