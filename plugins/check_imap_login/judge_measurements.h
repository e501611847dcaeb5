// The numbers of an IMAP session besides its times: certificate days, counts, ages, quota. Part of judge.
#pragma once

#include "plugins/check_imap_login/judge.h"

namespace mailcheck::plugins::imap_login {

// Adds what was measured as metrics, and a finding for each number with a threshold that should be there and is not.
void add_measurements(plugin::Report& report, const probe::ImapLoginFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::imap_login
