// What the command line expects of greeting, capabilities and folders. Part of judge.
#pragma once

#include "plugins/check_imap_login/judge.h"

namespace mailcheck::plugins::imap_login {

// Appends a finding `not-expected` for every expectation that is not met. One whose subject was never reached says
// nothing: the error that ended the session does.
void judge_expectations(plugin::Report& report, const probe::ImapLoginFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::imap_login
