#include "probe/imap_login.h"

#include <utility>

#include "probe/imap_opening.h"
#include "probe/mailbox_look.h"

namespace mailcheck::probe {
namespace {

using base::Result;
using client::Connection;
using client::ImapClient;

Result<void> converse(ImapClient& client, ImapLoginRequest& request, base::Mask& mask, ImapLoginFacts& facts) {
  const bool logs_in = request.credentials.has_value();
  if (auto opened = open_session(client, request, mask, facts); !opened) return opened;
  if (request.stop_after <= ImapStop::auth || !logs_in) return {};
  if (auto opened = client.open(request.mailbox, request.open_mode); !opened) return opened;
  facts.mailbox = client.session().mailbox();
  if (request.stop_after == ImapStop::select) return {};
  return look_into_mailbox(client, request, facts);
}

}  // namespace

ImapLoginFacts imap_login(ImapLoginRequest request, const Environment& environment) {
  const Deadlines deadlines(environment.clock, request.timeout);
  base::Mask mask = mask_of(request.credentials, request.tls, std::move(request.mask));
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
  mask_words(mask, facts);
  return facts;
}

}  // namespace mailcheck::probe
