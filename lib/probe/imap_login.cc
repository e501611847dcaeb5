#include "probe/imap_login.h"

#include <algorithm>
#include <utility>

#include "base/mask.h"
#include "probe/mailbox_look.h"

namespace mailcheck::probe {
namespace {

using base::Result;
using client::Connection;
using client::ImapClient;

base::Mask mask_of(const ImapLoginRequest& request) {
  base::Mask mask;
  if (request.credentials && request.credentials->password) mask.add(*request.credentials->password);
  if (request.credentials && request.credentials->token) mask.add(*request.credentials->token);
  mask.add(request.tls.client_key_password);
  return mask;
}

Result<void> secure_at_start(Connection& connection, const ImapLoginRequest& request, base::Deadline deadline) {
  if (request.encryption != Encryption::implicit) return {};
  return connection.secure(client::Upgrade::implicit, deadline);
}

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

void collect_connection(const Connection& connection, SessionFacts& facts) {
  if (connection.address()) facts.address = connection.address()->to_string();
  for (const auto& failed : connection.failed_addresses()) {
    facts.failed_addresses.push_back({failed.address.to_string(), failed.reason});
  }
  facts.tls = connection.tls_facts();
}

// A hostile or careless server may echo what we sent: nothing of it leaves the probe.
void mask_words(const base::Mask& mask, ImapLoginFacts& facts) {
  constexpr std::size_t kLongestWords = 1000;
  const auto apply = [&](std::string& text) { text = mask.apply(text); };
  const auto apply_all = [&](std::vector<std::string>& texts) { std::for_each(texts.begin(), texts.end(), apply); };
  const auto apply_to_chain = [&](std::vector<tls::Certificate>& chain) {
    for (tls::Certificate& certificate : chain) {
      apply(certificate.subject);
      apply(certificate.issuer);
      apply_all(certificate.dns_names);
    }
  };
  for (auto* error : {&facts.error, &facts.quota_error}) {
    if (!*error) continue;
    apply((*error)->detail);
    apply((*error)->peer_code);
    apply((*error)->peer_text);
    // Cut only here: half a secret would not be recognised.
    (*error)->peer_text.resize(std::min((*error)->peer_text.size(), kLongestWords));
  }
  if (facts.greeting) apply(*facts.greeting);
  if (facts.capabilities_before_tls) apply_all(*facts.capabilities_before_tls);
  apply(facts.reply_enhanced);
  apply(facts.reply_text);
  if (facts.capabilities) apply_all(*facts.capabilities);
  apply_all(facts.alerts);
  apply_all(facts.referrals);
  for (auto& message : facts.newest_messages) apply(message.header);
  for (auto& resource : facts.quota) {
    apply(resource.root);
    apply(resource.name);
  }
  if (!facts.tls) return;
  apply_to_chain(facts.tls->sent_chain);
  apply_to_chain(facts.tls->verified_chain);
  for (auto& fault : facts.tls->faults) apply(fault.detail);
}

}  // namespace

ImapLoginFacts imap_login(ImapLoginRequest request, const Environment& environment) {
  constexpr base::Duration kLongestReserve = std::chrono::seconds(2);
  const base::Duration reserve = std::min(kLongestReserve, request.timeout / 5);
  const base::Deadline whole(environment.clock, request.timeout);
  const base::Deadline deadline = whole.with_reserve(reserve);
  base::Mask mask = mask_of(request);
  base::Timeline timeline(environment.clock);
  net::Transcript transcript(environment.clock, mask, request.recording);
  Connection connection({environment.clock, environment.resolver, environment.dialer, timeline, transcript});
  ImapClient client(connection, deadline);

  ImapLoginFacts facts;
  facts.host = request.target.host;
  facts.port = request.target.port;
  facts.now = environment.clock.wall();
  Result<void> result;
  if (request.encryption != Encryption::none) result = connection.prepare_tls(request.tls);
  if (result) result = connection.open(request.target, deadline);
  if (result) result = secure_at_start(connection, request, deadline);
  const bool is_connected = result.has_value();
  if (result) result = converse(client, request, mask, facts);
  request.credentials.reset();
  if (!result) facts.error = std::move(result.error());
  collect_connection(connection, facts);
  collect_session(client, facts);
  // Not in the middle of a step: there the server is gone, or waits for something else than LOGOUT.
  timeline.stop();
  if (is_connected && !timeline.unfinished()) {
    client.logout(whole.at_most(reserve));
    if (!timeline.unfinished()) timeline.stop();  // a good-bye that hangs does not count
  }
  facts.steps = timeline.steps();
  facts.unfinished_step = timeline.unfinished();
  facts.total = timeline.total();
  facts.dialogue = transcript.lines();
  mask_words(mask, facts);
  return facts;
}

}  // namespace mailcheck::probe
