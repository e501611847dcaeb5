// The look into an open mailbox: folders that must exist, search, counts, ages, headers, quota. Part of imap_login.
#pragma once

#include "client/imap_client.h"
#include "probe/imap_login.h"

namespace mailcheck::probe {

// Fills the facts as far as it gets. Error: the first step that failed, but for quota, whose refusal is a fact.
[[nodiscard]] base::Result<void> look_into_mailbox(client::ImapClient& client, const ImapLoginRequest& request,
                                                   ImapLoginFacts& facts);

}  // namespace mailcheck::probe
