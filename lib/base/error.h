// Error: what went wrong, where, in whose words. A value, carried in Result<T>; nothing in the facts wing throws.
//
// kind        what happened; its name is a row of the table of findings, where its state is decided (not here)
// stage       the step that was under way
// detail      our words: one clause without a final full stop, no secrets; it may name what the server named, such as
//             mechanisms and a certificate's names, and is then as untrusted as peer_text
// peer_text   the server's words as received, untrusted; empty when the server said nothing. Masked first, and then cut
//             and cleaned (base/printable.h) by whoever prints it: half a secret would not be recognised
// is_answered the server answered the step in full, with a refusal: it has a duration, and the session lives on
// peer_code   the server's reply codes, "535 5.7.8" or "NO [AUTHENTICATIONFAILED]", untrusted as well; may be empty
// is_about_credentials
//             kind auth_failed: the server says, by a code or words we know, that the credentials are wrong. Not set:
//             it only said no, which may mean anything
// input       kind local: what of ours cannot be used, by its option's name ("ca-file"); may be empty
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "base/stage.h"

namespace mailcheck::base {

enum class ErrorKind {
  // reaching the server
  dns,
  connect,
  timeout,
  connection_lost,
  greeting,
  protocol_error,
  // upgrade to TLS
  starttls_absent,
  starttls_refused,
  starttls_injected,
  preauth,
  plain_text_on_tls_port,
  tls_on_plain_port,
  tls_handshake,
  // the certificate
  untrusted,
  missing_intermediate,
  self_signed,
  name_mismatch,
  expired,
  not_yet_valid,
  wrong_purpose,
  weak_key,
  weak_digest,
  old_protocol,
  // log in
  plaintext_auth_refused,
  tls_required,
  no_mechanism,
  auth_failed,
  auth_unavailable,
  // the mailbox
  mailbox_unusable,
  quota_unavailable,
  command_refused,
  criteria_refused,
  // what a mail server says to a message or its envelope
  greylisted,
  rate_limited,
  blocklisted,
  relay_denied,
  unknown_recipient,
  mailbox_full,
  too_large,
  content_rejected,
  policy,
  temporary,
  permanent,
  service_closing,
  delivery_unknown,
  // on our side: another run holds the state; a file that cannot be read, a value that cannot be used
  state_locked,
  local,
};

// The finding's name, for example "starttls-absent".
[[nodiscard]] std::string_view to_string(ErrorKind kind);

struct Error {
  Stage stage = Stage::dns;
  ErrorKind kind = ErrorKind::local;
  std::string detail;
  std::string peer_text = {};
  std::string peer_code = {};
  bool is_answered = false;
  std::string_view input = {};
  bool is_about_credentials = false;
};

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace mailcheck::base
