#include "mail/spam_score.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/ascii.h"
#include "base/number.h"

namespace mailcheck::mail {
namespace {

constexpr double kLargestScore = 1e6;
constexpr double kExchangeSpam = 5;  // 5 and 6 are spam, 7 to 9 are sure to be
constexpr std::size_t kLongestNumber = 24;

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return base::equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// The number that the text begins with: up to a blank, or a "," or ";" with no digit behind it.
std::optional<double> leading_number(std::string_view text) {
  text = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
  std::string_view word = text.substr(0, text.find_first_of(" \t;"));
  if (word.ends_with(',')) word.remove_suffix(1);
  const auto value = word.size() > kLongestNumber ? std::nullopt : base::parse_decimal(word);
  return value && std::abs(*value) <= kLargestScore ? value : std::nullopt;
}

// The number behind a key that begins a word, "score=" or "SCL:".
std::optional<double> number_behind(std::string_view text, std::string_view key) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_word_start = at == 0 || std::string_view(" \t,;").find(text[at - 1]) != std::string_view::npos;
    if (is_word_start && starts_with_ignoring_case(text.substr(at), key)) {
      return leading_number(text.substr(at + key.size()));
    }
  }
  return std::nullopt;
}

using Reading = std::optional<SpamScore>;

// "Yes, score=5.1 required=5.0 tests=..."; before SpamAssassin 3 it was "hits=".
Reading read_status(std::string_view value) {
  auto score = number_behind(value, "score=");
  if (!score) score = number_behind(value, "hits=");
  if (!score) return std::nullopt;
  return SpamScore{.score = *score, .is_marked = starts_with_ignoring_case(value, "yes")};
}

// "default: False [1.20 / 15.00]; R_SPF_ALLOW(-0.20)[+ip4:192.0.2.1]; ..."
Reading read_spamd_result(std::string_view value) {
  const std::size_t bracket = value.find('[');
  if (bracket == std::string_view::npos) return std::nullopt;
  const auto score = leading_number(value.substr(bracket + 1));
  if (!score) return std::nullopt;
  return SpamScore{.score = *score, .is_marked = base::contains_ignoring_case(value.substr(0, bracket), ": true")};
}

// "5.1", "5.1 (+++++)"
Reading read_number(std::string_view value) {
  const auto score = leading_number(value);
  if (!score) return std::nullopt;
  return SpamScore{.score = *score};
}

Reading read_scl(std::string_view value) {
  auto reading = read_number(value);
  if (reading) reading->is_marked = reading->score >= kExchangeSpam;
  return reading;
}

// "CIP:192.0.2.1;CTRY:DE;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM;..."
Reading read_forefront(std::string_view value) {
  const auto score = number_behind(value, "SCL:");
  if (!score) return std::nullopt;
  return SpamScore{.score = *score, .is_marked = *score >= kExchangeSpam};
}

struct Source {
  std::string_view header;
  Reading (*read)(std::string_view value);
};

constexpr std::array<Source, 6> kSources = {{{"X-Spam-Status", read_status},
                                             {"X-Spamd-Result", read_spamd_result},
                                             {"X-Rspamd-Score", read_number},
                                             {"X-Spam-Score", read_number},
                                             {"X-MS-Exchange-Organization-SCL", read_scl},
                                             {"X-Forefront-Antispam-Report", read_forefront}}};

bool has_flag(const HeaderSection& header) {
  return starts_with_ignoring_case(header.first("X-Spam-Flag").value_or(""), "yes") ||
         starts_with_ignoring_case(header.first("X-Spam").value_or(""), "yes");
}

}  // namespace

std::optional<SpamScore> read_spam_score(const HeaderSection& header) {
  for (const auto& source : kSources) {
    const auto value = header.first(source.header);
    auto reading = value ? source.read(*value) : std::nullopt;
    if (!reading) continue;
    reading->header = source.header;
    reading->is_marked = reading->is_marked || has_flag(header);
    return reading;
  }
  return std::nullopt;
}

}  // namespace mailcheck::mail
