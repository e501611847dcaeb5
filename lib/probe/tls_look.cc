#include "probe/tls_look.h"

#include <utility>

#include "probe/session_probe.h"
#include "tls/handshake_words.h"

namespace mailcheck::probe {
namespace {

using base::ErrorKind;
using base::Result;
using base::Stage;

Result<void> converse(const LookRequest& request, client::Connection& connection, client::UpgradeClient& client,
                      base::Deadline deadline) {
  const Reaching reaching{request.target, request.survey.encryption, request.tls, std::nullopt};
  if (auto reached = reach(connection, reaching, deadline); !reached) return reached;
  return request.survey.encryption == Encryption::implicit ? client.greeting() : client.upgrade();
}

// A server that waits for TLS on a port where it should greet hangs like any other; only that it answers to TLS.
base::Error explain(base::Error error, client::Connection& connection, base::Deadline deadline) {
  const bool is_silent = error.stage == Stage::greeting && error.kind == ErrorKind::timeout;
  if (!is_silent || connection.is_secure() || !connection.answers_in_tls(deadline)) return error;
  return {Stage::greeting, ErrorKind::tls_on_plain_port,
          "the server says nothing in plain text and speaks TLS when spoken to in TLS"};
}

void collect_words(const client::UpgradeClient& client, TlsLook& look) {
  look.greeting = client.greeting_text();
  look.capabilities = client.capabilities();
  look.session.reply_code = client.reply_code();
  look.session.reply_enhanced = client.reply_enhanced();
  look.session.reply_text = client.reply_text();
}

}  // namespace

bool has_handshake(const TlsLook& look) {
  return look.session.tls && look.session.tls->survey;
}

TlsLook look(const LookRequest& request, const Environment& world, base::Duration time) {
  const Deadlines deadlines(world.clock, time);
  const base::Mask mask = mask_of(std::nullopt, request.tls);
  base::Timeline timeline(world.clock);
  net::Transcript transcript(world.clock, mask, request.survey.recording);
  client::Connection connection({world.clock, world.resolver, world.dialer, timeline, transcript});
  client::UpgradeClient client(connection, request.survey.protocol, request.survey.hello_name, deadlines.session());

  TlsLook look;
  look.key_type = request.tls.survey->key_type;
  look.session.host = request.target.unix_socket.empty() ? request.target.host : request.target.unix_socket;
  look.session.port = request.target.port;
  look.session.now = world.clock.wall();
  auto result = converse(request, connection, client, deadlines.session());
  if (!result) look.session.error = explain(std::move(result.error()), connection, deadlines.good_bye());
  look.is_offer_refused = look.session.error && tls::is_offer_refused(*look.session.error);
  const bool is_local = look.session.error && look.session.error->kind == ErrorKind::local;
  collect_words(client, look);
  leave(timeline, [&] {
    if (is_local) return;  // nobody was reached
    // A TLS 1.3 server refuses a client without certificate only now.
    auto left = client.leave(deadlines.good_bye());
    if (!left && !look.session.error) look.session.error = std::move(left.error());
  });
  collect(connection, timeline, transcript, look.session);
  mask_words(mask, look.session);
  return look;
}

bool has_ended_before_certificate(const TlsLook& look) {
  const auto& error = look.session.error;
  const bool is_about_tls = error && error->stage == Stage::tls &&
                            (error->kind == ErrorKind::tls_handshake || error->kind == ErrorKind::connection_lost);
  return is_about_tls && !has_handshake(look) && (!look.session.tls || look.session.tls->sent_chain.empty());
}

OldVersionAnswer old_version_answer(const TlsLook& look) {
  if (has_handshake(look)) return OldVersionAnswer::accepted;
  const auto& error = look.session.error;
  // Many servers hang up on a version that they do not want, without an alert.
  const bool is_refusal = error && error->stage == Stage::tls &&
                          (error->kind == ErrorKind::tls_handshake || error->kind == ErrorKind::old_protocol ||
                           error->kind == ErrorKind::connection_lost);
  return is_refusal ? OldVersionAnswer::refused : OldVersionAnswer::unknown;
}

}  // namespace mailcheck::probe
