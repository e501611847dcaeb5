#include "probe/smtp_submit.h"

#include <utility>

#include "client/hello_name.h"
#include "probe/session_probe.h"
#include "probe/smtp_transaction.h"

namespace mailcheck::probe {
namespace {

using base::Result;
using base::Stage;
using client::Connection;
using client::SmtpClient;

class Submission {
 public:
  Submission(SmtpClient& client, Connection& connection, SmtpSubmitRequest& request, base::Mask& mask,
             SmtpSubmitFacts& facts)
      : client_(client), connection_(connection), request_(request), mask_(mask), facts_(facts) {}

  Result<void> run() {
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

 private:
  Result<void> noted(Stage stage, Result<void> result) {
    note_reply(client_.session(), facts_, stage, result);
    return result;
  }

  Result<void> hello() {
    return noted(Stage::ehlo, client_.hello(request_.hello, client::hello_name(request_.hello_name, connection_)));
  }

  Result<void> secure() {
    if (request_.encryption == Encryption::implicit) return {};
    facts_.extensions_before_tls = client_.session().extensions().lines();
    if (request_.encryption == Encryption::none) return {};
    if (auto secured = noted(Stage::starttls, client_.starttls()); !secured) return secured;
    return hello();
  }

  Result<void> log_in() {
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

  SmtpClient& client_;
  Connection& connection_;
  SmtpSubmitRequest& request_;
  base::Mask& mask_;
  SmtpSubmitFacts& facts_;
};

void collect_session(const SmtpClient& client, SmtpSubmitFacts& facts) {
  const smtp::Session& session = client.session();
  if (session.greeting()) facts.greeting = session.greeting()->text();
  if (session.extensions().is_known()) facts.extensions = session.extensions().lines();
  facts.quirks = session.quirks();
  const auto& reply = session.last_reply();
  if (!reply) return;
  facts.reply_code = std::to_string(reply->code);
  facts.reply_enhanced = reply->enhanced;
  facts.reply_text = reply->text();
}

void mask_more_words(const base::Mask& mask, SmtpSubmitFacts& facts) {
  if (facts.greeting) facts.greeting = mask.apply(*facts.greeting);
  if (facts.extensions_before_tls) mask_words(mask, *facts.extensions_before_tls);
  if (facts.extensions) mask_words(mask, *facts.extensions);
  for (SmtpReply& reply : facts.replies) reply.text = mask.apply(reply.text);
  facts.block_list = mask.apply(facts.block_list);
}

}  // namespace

bool has_tls(const SmtpSubmitRequest& request) {
  if (request.encryption == Encryption::implicit) return request.stop_after >= SmtpStop::greeting;
  return request.encryption == Encryption::starttls && request.stop_after >= SmtpStop::tls;
}

SmtpSubmitFacts smtp_submit(SmtpSubmitRequest request, const Environment& environment) {
  const Deadlines deadlines(environment.clock, request.timeout);
  base::Mask mask = mask_of(request.credentials, request.tls);
  base::Timeline timeline(environment.clock);
  net::Transcript transcript(environment.clock, mask, request.recording);
  Connection connection({environment.clock, environment.resolver, environment.dialer, timeline, transcript});
  SmtpClient client(connection, deadlines.session());

  SmtpSubmitFacts facts;
  facts.host = request.target.unix_socket.empty() ? request.target.host : request.target.unix_socket;
  facts.port = request.target.port;
  facts.now = environment.clock.wall();
  const bool stops_at_connect = request.stop_after == SmtpStop::connect;
  const Encryption encryption = has_tls(request) ? request.encryption : Encryption::none;
  auto result = reach(connection, {request.target, encryption, request.tls, request.proxy}, deadlines.session());
  const bool is_connected = result.has_value();
  if (result && !stops_at_connect) result = Submission(client, connection, request, mask, facts).run();
  request.credentials.reset();
  if (!result) facts.error = std::move(result.error());
  collect_session(client, facts);
  // Before the greeting nobody waits for QUIT.
  leave(timeline, [&] {
    if (is_connected && !stops_at_connect) client.quit(deadlines.good_bye());
  });
  collect(connection, timeline, transcript, facts);
  mask_words(mask, static_cast<SessionFacts&>(facts));
  mask_more_words(mask, facts);
  return facts;
}

}  // namespace mailcheck::probe
