#include "base/error.h"

namespace mailcheck::base {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::dns: return "dns";
    case ErrorKind::connect: return "connect";
    case ErrorKind::timeout: return "timeout";
    case ErrorKind::connection_lost: return "connection-lost";
    case ErrorKind::greeting: return "greeting";
    case ErrorKind::protocol_error: return "protocol-error";
    case ErrorKind::starttls_absent: return "starttls-absent";
    case ErrorKind::starttls_refused: return "starttls-refused";
    case ErrorKind::starttls_injected: return "starttls-injected";
    case ErrorKind::preauth: return "preauth";
    case ErrorKind::plain_text_on_tls_port: return "plain-text-on-tls-port";
    case ErrorKind::tls_on_plain_port: return "tls-on-plain-port";
    case ErrorKind::tls_handshake: return "tls-handshake";
    case ErrorKind::untrusted: return "untrusted";
    case ErrorKind::missing_intermediate: return "missing-intermediate";
    case ErrorKind::self_signed: return "self-signed";
    case ErrorKind::name_mismatch: return "name-mismatch";
    case ErrorKind::expired: return "expired";
    case ErrorKind::not_yet_valid: return "not-yet-valid";
    case ErrorKind::wrong_purpose: return "wrong-purpose";
    case ErrorKind::weak_key: return "weak-key";
    case ErrorKind::weak_digest: return "weak-digest";
    case ErrorKind::old_protocol: return "old-protocol";
    case ErrorKind::plaintext_auth_refused: return "plaintext-auth-refused";
    case ErrorKind::tls_required: return "tls-required";
    case ErrorKind::no_mechanism: return "no-mechanism";
    case ErrorKind::auth_failed: return "auth-failed";
    case ErrorKind::auth_unavailable: return "auth-unavailable";
    case ErrorKind::mailbox_unusable: return "mailbox-unusable";
    case ErrorKind::quota_unavailable: return "quota-unavailable";
    case ErrorKind::command_refused: return "command-refused";
    case ErrorKind::criteria_refused: return "criteria-refused";
    case ErrorKind::greylisted: return "greylisted";
    case ErrorKind::rate_limited: return "rate-limited";
    case ErrorKind::blocklisted: return "blocklisted";
    case ErrorKind::relay_denied: return "relay-denied";
    case ErrorKind::unknown_recipient: return "unknown-recipient";
    case ErrorKind::mailbox_full: return "mailbox-full";
    case ErrorKind::too_large: return "too-large";
    case ErrorKind::content_rejected: return "content-rejected";
    case ErrorKind::policy: return "policy";
    case ErrorKind::temporary: return "temporary";
    case ErrorKind::permanent: return "permanent";
    case ErrorKind::service_closing: return "service-closing";
    case ErrorKind::delivery_unknown: return "delivery-unknown";
    case ErrorKind::state_locked: return "state-locked";
    case ErrorKind::local: return "local";
  }
  return "local";
}

}  // namespace mailcheck::base
