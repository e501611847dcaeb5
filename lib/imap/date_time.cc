#include "imap/date_time.h"

#include <array>

#include "base/ascii.h"
#include "base/number.h"

namespace mailcheck::imap {
namespace {

std::optional<unsigned> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (base::equals_ignoring_case(name, kMonths[i])) return i + 1;
  }
  return std::nullopt;
}

std::optional<int> digits(std::string_view text, int highest) {
  const auto value = base::parse_unsigned(text);
  if (!value || *value > static_cast<unsigned>(highest)) return std::nullopt;
  return static_cast<int>(*value);
}

}  // namespace

std::optional<base::WallTime> parse_date_time(std::string_view text) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  const std::size_t day_size = text.find('-');  // one digit or two
  if ((day_size != 1 && day_size != 2) || text.size() != day_size + 24) return std::nullopt;
  const std::string_view rest = text.substr(day_size);  // -Jul-1996 02:44:25 -0700
  if (rest[4] != '-' || rest[9] != ' ' || rest[12] != ':' || rest[15] != ':' || rest[18] != ' ') return std::nullopt;
  const auto day = digits(text.substr(0, day_size), 31);
  const auto month = month_of(rest.substr(1, 3));
  const auto year = digits(rest.substr(5, 4), 9999);
  const auto hour = digits(rest.substr(10, 2), 23);
  const auto minute = digits(rest.substr(13, 2), 59);
  const auto second = digits(rest.substr(16, 2), 60);
  const auto zone_hour = digits(rest.substr(20, 2), 23);
  const auto zone_minute = digits(rest.substr(22, 2), 59);
  const char sign = rest[19];
  if (!day || !month || !year || !hour || !minute || !second || !zone_hour || !zone_minute) return std::nullopt;
  if (sign != '+' && sign != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const std::chrono::seconds zone = std::chrono::hours(*zone_hour) + std::chrono::minutes(*zone_minute);
  const std::chrono::seconds local =
      std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
  return std::chrono::sys_days(date) + local - (sign == '-' ? -zone : zone);
}

}  // namespace mailcheck::imap
