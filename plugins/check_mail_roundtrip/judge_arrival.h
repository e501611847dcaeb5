// The messages that arrived, in the report of a round trip: when, where, how often, and what their header tells. Part
// of judge.h; pure.
//
// `transit` is this run's. Where only messages of earlier runs arrived (as with --wait 0, always) it is that of the one
// that took longest, from sending to the server's INTERNALDATE; the range of transit judges every late one, also those
// that are not the number. Without INTERNALDATE nobody knows how long one took: then there is no number.
#pragma once

#include <optional>

#include "plugins/check_mail_roundtrip/judge.h"

namespace mailcheck::plugins::mail_roundtrip {

// The summary, if this run's message is there, and its findings.
void judge_own_arrival(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits);
// To be called last: where graver findings push a junk folder out of the line, and where it is none to the user, the
// summary says where the message is.
void keep_arrival_in_line(plugin::Report& report, const probe::RoundtripFacts& facts);
// Those of earlier runs; to be called after the summary was made.
void judge_late_arrivals(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits);
// What the header of the first one tells of its way, and of authentication.
void judge_header(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits);

[[nodiscard]] std::optional<plugin::Metric> transit(const probe::RoundtripFacts& facts, const Limits& limits);
// slowest_hop, hops, spam_score, junk; "not-measured" for those with a range that are not known.
void add_arrival_metrics(plugin::Report& report, const probe::RoundtripFacts& facts, const Limits& limits);

}  // namespace mailcheck::plugins::mail_roundtrip
