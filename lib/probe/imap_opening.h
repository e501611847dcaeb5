// What the IMAP probes have in common: the session from its greeting to the log in, and what it showed.
#pragma once

#include "probe/imap_login.h"
#include "probe/session_probe.h"

namespace mailcheck::probe {

// Greeting, capability, STARTTLS, log in, and the capabilities after it, as far as request.stop_after lets it; without
// credentials up to the capabilities. The credentials are wiped when they were used.
[[nodiscard]] base::Result<void> open_session(client::ImapClient& client, ImapLoginRequest& request, base::Mask& mask,
                                              ImapLoginFacts& facts);

// Greeting, capabilities, alerts, referrals, last reply.
void collect_session(const client::ImapClient& client, ImapLoginFacts& facts);

void mask_words(const base::Mask& mask, ImapLoginFacts& facts);

}  // namespace mailcheck::probe
