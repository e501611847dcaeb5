#include "mail/received.h"

#include <algorithm>

#include "base/ascii.h"
#include "mail/date.h"
#include "mail/field_lexer.h"

namespace mailcheck::mail {
namespace {

constexpr std::size_t kLongestHost = 255;

// Each comment becomes a blank. A value whose comments do not end is left as it is.
std::string without_comments(std::string_view value) {
  std::string text;
  FieldLexer lexer(value);
  while (lexer.skip_blanks()) {
    if (lexer.is_at_end()) return text;
    text += ' ';
    text += lexer.take_until(" \t\r\n(");
  }
  return std::string(value);
}

std::string host(std::string_view word) {
  if (word.ends_with('.')) word.remove_suffix(1);
  return word.size() > kLongestHost ? std::string() : std::string(word);
}

// "from A ... by B ...": the first word, and the first "by" behind it.
void read_hosts(std::string_view text, ReceivedHop& hop) {
  FieldLexer words(text);
  const auto next = [&words] {
    while (words.accept(' ') || words.accept('\t')) {
    }
    return words.take_until(" \t");
  };
  std::string_view word = next();
  if (base::equals_ignoring_case(word, "from")) {
    hop.from = host(next());
    word = next();
  }
  while (!word.empty() && !base::equals_ignoring_case(word, "by")) word = next();
  if (!word.empty()) hop.by = host(next());
}

// As one server is named in a delay: by itself, or else by the one before it.
const std::string& name_of(const ReceivedHop& hop) {
  return hop.by.empty() ? hop.from : hop.by;
}

HopDelay delay_between(const ReceivedHop& earlier, const ReceivedHop& later) {
  const auto passed = *later.time - *earlier.time;
  const std::chrono::seconds zero(0);
  return {.from = name_of(earlier),
          .by = name_of(later),
          .duration = std::max(passed, zero),
          .skew = std::max(-passed, zero)};
}

}  // namespace

ReceivedHop parse_received(std::string_view value) {
  ReceivedHop hop;
  const std::string text = without_comments(value);
  const std::size_t semicolon = text.rfind(';');
  if (semicolon != std::string::npos) hop.time = parse_date(std::string_view(text).substr(semicolon + 1));
  read_hosts(std::string_view(text).substr(0, semicolon), hop);
  return hop;
}

DeliveryPath read_delivery_path(const HeaderSection& header) {
  DeliveryPath path;
  for (const auto& value : header.all("Received")) path.hops.push_back(parse_received(value));
  std::reverse(path.hops.begin(), path.hops.end());
  const ReceivedHop* earlier = nullptr;
  for (const auto& hop : path.hops) {
    if (!hop.time) continue;
    if (earlier != nullptr) path.delays.push_back(delay_between(*earlier, hop));
    earlier = &hop;
  }
  for (const auto& delay : path.delays) {
    if (!path.slowest || delay.duration > path.slowest->duration) path.slowest = delay;
    path.has_skew = path.has_skew || delay.skew.count() > 0;
  }
  return path;
}

}  // namespace mailcheck::mail
