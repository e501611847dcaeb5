// What the command line expects of greeting, extensions and replies. Part of judge.
#pragma once

#include "plugins/check_smtp_submit/judge.h"

namespace mailcheck::plugins::smtp_submit {

// The refusal that ended the session; nullptr: it was not ended by a reply.
[[nodiscard]] const probe::SmtpReply* ending_reply(const probe::SmtpSubmitFacts& facts);

// The expectation of the reply that ended the session, met or not; nullptr: there is none, or the session was not ended
// by a reply.
[[nodiscard]] const ExpectedReply* expectation_of_ending(const probe::SmtpSubmitFacts& facts, const Limits& limits);

// Appends a finding `not-expected` for every expectation that is not met. One whose subject was never reached says
// nothing where the error that ended the session does.
void judge_expectations(plugin::Report& report, const probe::SmtpSubmitFacts& facts, const Limits& limits);

// `550 5.1.1 "User unknown"`
[[nodiscard]] std::string quote(const probe::SmtpReply& reply);

}  // namespace mailcheck::plugins::smtp_submit
