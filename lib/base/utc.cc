#include "base/utc.h"

#include <fmt/format.h>

namespace mailcheck::base {

std::string utc_text(WallTime time, Precision precision) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (precision == Precision::day) return text;
  text += fmt::format(" {:02}:{:02}", clock.hours().count(), clock.minutes().count());
  if (precision == Precision::second) text += fmt::format(":{:02}", clock.seconds().count());
  return text + " UTC";
}

}  // namespace mailcheck::base
