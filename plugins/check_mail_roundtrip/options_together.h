// Which options of check_mail_roundtrip contradict each other, in each side and between the two.
#pragma once

#include "plugins/check_mail_roundtrip/options.h"

namespace mailcheck::plugins::mail_roundtrip {

// Throws plugin::UsageError for the first contradiction: whoever gives an option must not believe in a check that is
// never made. An option without prefix is refused only if neither side has a use for it.
void check_together(const Options& options);

// The thresholds, without those that -D gave a side that has no TLS.
[[nodiscard]] plugin::Thresholds thresholds_of(const Options& options);

}  // namespace mailcheck::plugins::mail_roundtrip
