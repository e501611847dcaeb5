// Probe mark: what makes a message one that this check has sent. A message of ours carries
//
//   Message-ID: <TOKEN.CHECK@DOMAIN>
//   X-Mailcheck-Roundtrip: id=CHECK; token=TOKEN; sent=UNIXSECONDS
//
// and is ours only if both fields are there once, both are exactly what would be written for these parts, and the check
// is the one that asks. A token in a subject, a body, References or In-Reply-To makes nothing ours: what is ours may be
// deleted. The one difference that is forgiven is a tab for a space, since servers fold long fields anew.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "mail/header_section.h"

namespace mailcheck::mail {

inline constexpr std::string_view kProbeHeader = "X-Mailcheck-Roundtrip";

struct ProbeMark {
  std::string check;  // who sent it: 16 lower-case hex digits
  std::string token;  // which message: 32 lower-case hex digits
  base::WallTime sent{};

  bool operator==(const ProbeMark&) const = default;
};

// The value of kProbeHeader.
[[nodiscard]] std::string header_value(const ProbeMark& mark);
// Without angle brackets.
[[nodiscard]] std::string message_id(const ProbeMark& mark, std::string_view domain);
// std::nullopt for anything but what header_value() writes, byte for byte, with a time from 1970 to 9999.
[[nodiscard]] std::optional<ProbeMark> parse_probe_mark(std::string_view header_value);

// Those of all fields kProbeHeader that can be read, in their order.
[[nodiscard]] std::vector<ProbeMark> probe_marks(const HeaderSection& header);
// The mark, if the message with this header is ours: of this check, from this domain (compared byte for byte).
[[nodiscard]] std::optional<ProbeMark> own_mark(const HeaderSection& header, std::string_view check,
                                                std::string_view domain);

}  // namespace mailcheck::mail
