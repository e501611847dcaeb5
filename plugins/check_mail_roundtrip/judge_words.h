// What the parts of judge.h share: words for the line, and what the facts come to. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/check_mail_roundtrip/judge.h"

namespace mailcheck::plugins::mail_roundtrip {

// "duplicate, 2 copies arrived, in INBOX and Junk": the name in front, so that whoever reads the line can look it up.
void add_finding(plugin::Report& report, const Limits& limits, std::string_view name, const std::string& text);

// "INBOX and Junk"
[[nodiscard]] std::string folder_words(const std::vector<std::string>& names, std::string_view conjunction);
// "the message of 2026-11-21 10:15:00 UTC"
[[nodiscard]] std::string message_words(base::WallTime sent);

// The server's words when it took the message: `250 2.0.0 "Ok: queued as 4F2"`, which is what to search its log for.
// Empty: it never did.
[[nodiscard]] std::string acceptance(const probe::SmtpSubmitFacts& submission);

// Copies of this run's message; they stand first.
[[nodiscard]] std::size_t own_arrivals(const probe::RoundtripFacts& facts);
// A server reports that it could not deliver this run's message.
[[nodiscard]] bool is_bounced(const probe::RoundtripFacts& facts);

}  // namespace mailcheck::plugins::mail_roundtrip
