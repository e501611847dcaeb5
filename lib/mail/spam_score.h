// SpamScore: what the filter on the way thought of a message, as it wrote it into the header. The first of these that
// holds a number counts: X-Spam-Status (SpamAssassin, amavis), X-Spamd-Result and X-Rspamd-Score (rspamd),
// X-Spam-Score, X-MS-Exchange-Organization-SCL and X-Forefront-Antispam-Report (Exchange, -1 to 9).
//
// Each has a scale of its own: scores of different headers cannot be compared. Untrusted: a sender can write such
// fields too, and a filter that does not remove them puts its own above; the topmost of a name is read. What is not a
// plain decimal number (nan, inf, exponents, a comma, more than a million) is no score.
#pragma once

#include <optional>
#include <string>

#include "mail/header_section.h"

namespace mailcheck::mail {

struct SpamScore {
  double score = 0;
  std::string header = {};  // as above
  bool is_marked = false;   // that header, or "X-Spam-Flag: YES", or "X-Spam: Yes", calls it spam; Exchange: from 5 on
};

[[nodiscard]] std::optional<SpamScore> read_spam_score(const HeaderSection& header);

}  // namespace mailcheck::mail
