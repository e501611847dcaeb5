// Thresholds: whatever is accepted prints as itself and judges like itself.
#include "plugin/range.h"

#include <array>

#include "plugin/thresholds.h"
#include "target.h"

namespace mailcheck::fuzz {

void range(std::string_view input) {
  (void)plugin::parse_labelled(input, "total");
  const auto parsed = plugin::Range::parse(input);
  if (!parsed) {
    hold(!parsed.error().empty(), "a refused range has a reason");
    return;
  }
  const auto again = plugin::Range::parse(parsed->print());
  hold(again.has_value() && *again == *parsed, "a range that is printed reads back as itself");
  const auto from_perfdata = plugin::Range::parse(parsed->print_perfdata());
  hold(from_perfdata.has_value() && *from_perfdata == *parsed, "a range in perfdata reads back as itself");
  for (const double value : std::array{-1e9, -1.0, -0.5, 0.0, 0.5, 1.0, 10.0, 1e9}) {
    hold(again->alerts(value) == parsed->alerts(value), "a range that is printed judges as before");
  }
}

}  // namespace mailcheck::fuzz
