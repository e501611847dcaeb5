// How the message was authenticated, in the report of a round trip. Part of judge.h; pure.
#pragma once

#include <string>

#include "plugins/check_mail_roundtrip/judge.h"

namespace mailcheck::plugins::mail_roundtrip {

// What is required and not so, notes, and facts. What is required of a header that could not be read is not so.
void judge_authentication(plugin::Report& report, const probe::Arrival& arrival, const Limits& limits);

// "dkim pass, spf pass, dmarc fail"; empty: nobody who is trusted says anything.
[[nodiscard]] std::string authentication_words(const mail::AuthenticationResults& results);

}  // namespace mailcheck::plugins::mail_roundtrip
