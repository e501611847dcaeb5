// The two sessions of a round trip in its report: steps, certificates, dialogue and notes of the SMTP and of the IMAP
// side, with the side's name in front. Part of judge.h; pure.
#pragma once

#include <string>

#include "plugins/check_mail_roundtrip/judge.h"

namespace mailcheck::plugins::mail_roundtrip {

// Everything but what ended the sessions, and their certificates. Host and last reply of the report are those of the
// side that failed; else of the SMTP side, if it was reached.
void add_sides(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits);
// smtp_cert_days and so on, and the notes of --insecure.
void add_certificates(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits);

// The finding of an error that ended a session, named as the error is: "smtp rcpt: mailbox-full, ...".
[[nodiscard]] plugin::Finding side_ending(std::string_view side, const probe::SessionFacts& facts,
                                          const base::Error& error, const Limits& limits);

}  // namespace mailcheck::plugins::mail_roundtrip
