// Delivery report: what a mail system says about a message that it could not deliver, not yet, or did (a DSN, RFC 3464;
// or the prose of those that write none). Facts only: whether the report is about a message of ours is for the caller
// to say, by `marks` and `message_ids`, and whether it is true nobody knows: anyone may write one who knows a token.
//
// Not a report, and so std::nullopt: vacation replies, read receipts, feedback reports, mail of lists, and a message of
// a person who quotes or attaches a report.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/header_section.h"
#include "mail/probe_mark.h"

namespace mailcheck::mail {

struct DeliveryReport {
  enum class Action { failed, delayed, delivered };  // delivered: also relayed and expanded (RFC 3464 section 2.3.3)

  Action action = Action::failed;        // of several recipients the worst: failed, delayed, delivered
  std::string recipient;                 // whose action that is; this and all below untrusted, empty if not told
  std::string status;                    // "5.1.1"
  std::string reply;                     // in one line, its code in front where there is one: "550 5.1.1 No such user"
  std::string remote_host;               // who said that
  std::string retry_until;               // Will-Retry-Until as it stands
  std::vector<std::string> message_ids;  // of the original, without brackets: its header, In-Reply-To, References
  std::vector<ProbeMark> marks;          // in the original's header, in the report or quoted
};

// Of a longer message only this much is read; a line that this cuts in two is not.
inline constexpr std::size_t kReportLimit = std::size_t{64} * 1024;

// `message`: header and body as they came.
[[nodiscard]] std::optional<DeliveryReport> parse_delivery_report(std::string_view message);

// Whether it is worth fetching the body. Looks at Content-Type, Auto-Submitted, X-Failed-Recipients, Return-Path,
// Subject and From; false means that parse_delivery_report() would find no report.
[[nodiscard]] bool may_be_delivery_report(const HeaderSection& header);

}  // namespace mailcheck::mail
