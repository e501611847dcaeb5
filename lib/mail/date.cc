#include "mail/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/number.h"
#include "mail/field_lexer.h"

namespace mailcheck::mail {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

using ZoneName = std::pair<std::string_view, int>;  // hours east of UTC
constexpr std::array<ZoneName, 11> kZones = {{{"UT", 0},
                                              {"GMT", 0},
                                              {"Z", 0},
                                              {"EST", -5},
                                              {"EDT", -4},
                                              {"CST", -6},
                                              {"CDT", -5},
                                              {"MST", -7},
                                              {"MDT", -6},
                                              {"PST", -8},
                                              {"PDT", -7}}};

// The words of a date, "," and ":" being words of their own; those behind the last are empty.
class Words {
 public:
  static std::optional<Words> split(std::string_view text);

  std::string_view take() { return next_ < words_.size() ? words_[next_++] : std::string_view(); }
  bool accept(std::string_view word) {
    const bool is_next = next_ < words_.size() && words_[next_] == word;
    if (is_next) ++next_;
    return is_next;
  }
  [[nodiscard]] bool is_at_end() const { return next_ == words_.size(); }

 private:
  static constexpr std::size_t kMost = 16;  // the longest date has 11

  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
};

std::optional<Words> Words::split(std::string_view text) {
  Words words;
  FieldLexer lexer(text);
  while (lexer.skip_blanks()) {
    if (lexer.is_at_end()) return words;
    if (words.words_.size() == kMost) return std::nullopt;
    std::string_view word = lexer.take_until(" \t\r\n(,:");
    if (word.empty()) {
      word = text.substr(lexer.offset(), 1);
      lexer.go_to(lexer.offset() + 1);
    }
    words.words_.push_back(word);
  }
  return std::nullopt;
}

std::optional<int> digits(std::string_view word, std::size_t fewest, std::size_t most) {
  const auto value = base::parse_unsigned(word);
  if (!value || word.size() < fewest || word.size() > most) return std::nullopt;
  return static_cast<int>(*value);
}

template <std::size_t Size>
std::optional<unsigned> place_of(std::string_view word, const std::array<std::string_view, Size>& names) {
  for (unsigned i = 0; i < Size; ++i) {
    if (base::equals_ignoring_case(word, names[i])) return i;
  }
  return std::nullopt;
}

// RFC 5322 section 4.3: two digits are 1950 to 2049, three are counted from 1900.
std::optional<int> read_year(std::string_view word) {
  const auto year = digits(word, 2, 4);
  if (!year || word.size() == 4) return year;
  return *year + (word.size() == 2 && *year < 50 ? 2000 : 1900);
}

std::optional<std::chrono::sys_days> read_day(Words& words) {
  std::string_view word = words.take();
  if (place_of(word, kDays)) {
    words.accept(",");
    word = words.take();
  }
  const auto day = digits(word, 1, 2);
  const auto month = place_of(words.take(), kMonths);
  const auto year = read_year(words.take());
  if (!day || !month || !year) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(*month + 1),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<seconds> read_clock(Words& words) {
  const auto hour = digits(words.take(), 1, 2);
  if (!words.accept(":")) return std::nullopt;
  const auto minute = digits(words.take(), 2, 2);
  const auto second = words.accept(":") ? digits(words.take(), 2, 2) : 0;
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours(*hour) + minutes(*minute) + seconds(std::min(*second, 59));
}

std::optional<minutes> read_zone(std::string_view word) {
  for (const auto& [name, hours] : kZones) {
    if (base::equals_ignoring_case(word, name)) return std::chrono::hours(hours);
  }
  if (word.size() != 5 || (word.front() != '+' && word.front() != '-')) return std::nullopt;
  const auto offset = digits(word.substr(1), 4, 4);
  if (!offset || *offset % 100 > 59) return std::nullopt;
  const minutes east(*offset / 100 * 60 + *offset % 100);
  return word.front() == '-' ? -east : east;
}

}  // namespace

std::string print_date(base::WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0000", kDays[weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::optional<base::WallTime> parse_date(std::string_view text) {
  auto words = Words::split(text);
  if (!words) return std::nullopt;
  const auto day = read_day(*words);
  const auto clock = read_clock(*words);
  const auto zone = read_zone(words->take());
  if (!day || !clock || !zone || !words->is_at_end()) return std::nullopt;
  return base::WallTime(*day) + *clock - *zone;
}

}  // namespace mailcheck::mail
