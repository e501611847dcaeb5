// What the options of check_smtp_submit mean together, and which of them contradict each other.
#pragma once

#include "plugins/check_smtp_submit/options.h"

namespace mailcheck::plugins::smtp_submit {

// By --tls, else by port; none over a Unix socket.
[[nodiscard]] probe::Encryption encryption_of(const Options& options);

// Throws plugin::UsageError for the first contradiction: whoever gives an option must not believe in a check that is
// never made.
void check_together(const Options& options);

}  // namespace mailcheck::plugins::smtp_submit
