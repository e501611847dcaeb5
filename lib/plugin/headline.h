// Headline: what stands between "SERVICE STATE - " and the perfdata; the "summary" of the JSON object.
#pragma once

#include <cstddef>
#include <string>

#include "plugin/report.h"

namespace mailcheck::plugin {

// In bytes. Lists, pagers and NRPE of old (1024 bytes a packet) have to get by with it.
inline constexpr std::size_t kHeadlineLimit = 600;

// Findings that are not OK, worst first and in the order found within one state, three at most ("; and 2 more"), then
// the summary; clean text for one line (base/printable.h), at most kHeadlineLimit bytes and "...". Then the caveat,
// which is never cut. Without findings that are not OK, from verbosity 1 or if there is no summary, the OK findings as
// "note: ...". Empty if there is nothing to say.
[[nodiscard]] std::string headline(const Report& report, int verbosity);

}  // namespace mailcheck::plugin
