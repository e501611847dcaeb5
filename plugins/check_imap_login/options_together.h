// What the options of check_imap_login mean together, and which of them contradict each other.
#pragma once

#include "plugins/check_imap_login/options.h"

namespace mailcheck::plugins::imap_login {

// By --tls, else by port.
[[nodiscard]] probe::Encryption encryption_of(const Options& options);

// The step at which the session ends.
[[nodiscard]] probe::ImapStop stop_of(const Options& options);

// By --quota or a threshold.
[[nodiscard]] bool measures_quota(const Options& options);

// Throws plugin::UsageError for the first contradiction: whoever gives an option must not believe in a check that is
// never made.
void check_together(const Options& options);

}  // namespace mailcheck::plugins::imap_login
