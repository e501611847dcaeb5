#include "probe/imap_opening.h"

#include <utility>

namespace mailcheck::probe {

using base::Result;
using client::ImapClient;

namespace {

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

}  // namespace

Result<void> open_session(ImapClient& client, ImapLoginRequest& request, base::Mask& mask, ImapLoginFacts& facts) {
  if (auto greeted = client.greeting(); !greeted) return greeted;
  if (request.stop_after == ImapStop::greeting) return {};
  if (auto upgraded = upgrade(client, request, facts); !upgraded) return upgraded;
  if (request.stop_after == ImapStop::tls) return {};
  if (auto asked = client.capability(); !asked) return asked;
  if (request.stop_after == ImapStop::capability || !request.credentials) return {};
  return log_in(client, request, mask, facts);
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

void mask_words(const base::Mask& mask, ImapLoginFacts& facts) {
  mask_words(mask, static_cast<SessionFacts&>(facts));
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

}  // namespace mailcheck::probe
