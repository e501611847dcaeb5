// One look: a connection to a mail port, its upgrade, and what its encryption shows. Part of tls_survey.
#pragma once

#include "base/mask.h"
#include "probe/tls_survey.h"

namespace mailcheck::probe {

struct LookRequest {
  const TlsSurveyRequest& survey;
  client::Target target;   // with its addresses
  tls::ClientOptions tls;  // with names and question
};

// The deadline is its own; a slice of it is kept for the good-bye.
[[nodiscard]] TlsLook look(const LookRequest& request, const Environment& world, base::Duration time);

// The handshake was done: there is a session to speak of.
[[nodiscard]] bool has_handshake(const TlsLook& look);

// The handshake failed, or the connection was lost in it, before the server showed a certificate.
[[nodiscard]] bool has_ended_before_certificate(const TlsLook& look);

// How a handshake with one old version alone ended.
enum class OldVersionAnswer { accepted, refused, unknown };
[[nodiscard]] OldVersionAnswer old_version_answer(const TlsLook& look);

}  // namespace mailcheck::probe
