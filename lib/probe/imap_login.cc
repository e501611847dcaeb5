#include "probe/imap_login.h"

#include <utility>

#include "probe/mailbox_look.h"
#include "probe/session_probe.h"

namespace mailcheck::probe {
namespace {

using base::Result;
using client::Connection;
using client::ImapClient;

Result<void> upgrade(ImapClient& client, const ImapLoginRequest& request, ImapLoginFacts& facts) {
  if (request.encryption == Encryption::implicit) return {};
  if (client.session().greeting().condition != imap::Condition::preauth || request.encryption == Encryption::none) {
    if (auto asked = client.ask_capability(); !asked) return asked;
    facts.capabilities_before_tls = client.session().capabilities().names();
  }
  if (request.encryption == Encryption::none) return {};
  return client.starttls();
}

Result<void> log_in(ImapClient& client, ImapLoginRequest& request, base::Mask& mask, ImapLoginFacts& facts) {
  facts.is_preauthenticated = client.session().greeting().condition == imap::Condition::preauth;
  if (facts.is_preauthenticated) return {};
  auto let_in = client.log_in({.credentials = std::move(*request.credentials),
                               .mechanism = request.mechanism,
                               .plain_text = request.plain_text_auth,
                               .mask = &mask});
  if (!client.mechanism().empty()) facts.mechanism = client.mechanism();
  facts.is_logged_in = let_in.has_value();
  if (!let_in) return let_in;
  return client.capability();
}

Result<void> converse(ImapClient& client, ImapLoginRequest& request, base::Mask& mask, ImapLoginFacts& facts) {
  if (auto greeted = client.greeting(); !greeted) return greeted;
  if (request.stop_after == ImapStop::greeting) return {};
  if (auto upgraded = upgrade(client, request, facts); !upgraded) return upgraded;
  if (request.stop_after == ImapStop::tls) return {};
  if (auto asked = client.capability(); !asked) return asked;
  if (request.stop_after == ImapStop::capability || !request.credentials) return {};
  if (auto logged_in = log_in(client, request, mask, facts); !logged_in) return logged_in;
  if (request.stop_after == ImapStop::auth) return {};
  if (auto opened = client.open(request.mailbox, request.open_mode); !opened) return opened;
  facts.mailbox = client.session().mailbox();
  if (request.stop_after == ImapStop::select) return {};
  return look_into_mailbox(client, request, facts);
}

void collect_session(const ImapClient& client, ImapLoginFacts& facts) {
  const imap::Session& session = client.session();
  if (!session.greeting().line.empty()) facts.greeting = session.greeting().line;
  if (session.capabilities().is_known()) facts.capabilities = session.capabilities().names();
  facts.alerts = session.alerts();
  facts.referrals = session.referrals();
  facts.quirks = session.quirks();
  if (const auto& reply = session.last_reply()) {
    facts.reply_code = imap::to_string(reply->condition);
    facts.reply_enhanced = reply->code;
    facts.reply_text = reply->text;
  }
}

void mask_more_words(const base::Mask& mask, ImapLoginFacts& facts) {
  if (facts.quota_error) mask_words(mask, *facts.quota_error);
  if (facts.greeting) facts.greeting = mask.apply(*facts.greeting);
  for (auto* texts : {&facts.capabilities_before_tls, &facts.capabilities}) {
    if (*texts) mask_words(mask, **texts);
  }
  for (auto* texts : {&facts.alerts, &facts.referrals}) mask_words(mask, *texts);
  for (auto& message : facts.newest_messages) message.header = mask.apply(message.header);
  for (auto& resource : facts.quota) {
    resource.root = mask.apply(resource.root);
    resource.name = mask.apply(resource.name);
  }
}

}  // namespace

ImapLoginFacts imap_login(ImapLoginRequest request, const Environment& environment) {
  const Deadlines deadlines(environment.clock, request.timeout);
  base::Mask mask = mask_of(request.credentials, request.tls);
  base::Timeline timeline(environment.clock);
  net::Transcript transcript(environment.clock, mask, request.recording);
  Connection connection({environment.clock, environment.resolver, environment.dialer, timeline, transcript});
  ImapClient client(connection, deadlines.session());

  ImapLoginFacts facts;
  facts.host = request.target.host;
  facts.port = request.target.port;
  facts.now = environment.clock.wall();
  auto result = reach(connection, {request.target, request.encryption, request.tls}, deadlines.session());
  const bool is_connected = result.has_value();
  if (result) result = converse(client, request, mask, facts);
  request.credentials.reset();
  if (!result) facts.error = std::move(result.error());
  collect_session(client, facts);
  leave(timeline, [&] {
    if (is_connected) client.logout(deadlines.good_bye());
  });
  collect(connection, timeline, transcript, facts);
  mask_words(mask, static_cast<SessionFacts&>(facts));
  mask_more_words(mask, facts);
  return facts;
}

}  // namespace mailcheck::probe
