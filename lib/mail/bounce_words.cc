#include "mail/bounce_words.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace mailcheck::mail {
namespace {

// All in lower case, with single spaces.
constexpr std::array kBounceWords = std::to_array<std::string_view>({
    "hi. this is the qmail-send program",
    "unable to deliver your message",
    "wasn't able to deliver your message",
    "wasn't able to deliver the following message",
    "could not be delivered",
    "couldn't be delivered",
    "cannot be delivered",
    "can't be delivered",
    "has not yet been delivered",
    "hasn't been delivered",
    "has not been delivered",
    "not be able to deliver",
    "did not reach the following recipient",
    "delivery to the following recipient",
    "delivery has failed",
    "delivery failed",
    "message not delivered",
    "wasn't delivered",
    "was not delivered",
    "delivery incomplete",
    "returned to sender",
    "undeliverable mail",
    "undelivered mail",
    "attempting to deliver a message for",
    "transcript of session follows",
    "had permanent fatal errors",
    "had transient non-fatal errors",
    "error delivering your mail",
    "did not reach some or all of the intended recipients",
    "email you sent was rejected",
    "message is delayed",
    "will be retried",
});

constexpr std::array kDelayWords = std::to_array<std::string_view>({
    "has been delayed",
    "is delayed",
    "(delay)",
    "delayed mail",
    "message delayed",
    "delivery delayed",
    "not yet been delivered",
    "hasn't been delivered",
    "delivery incomplete",
    "attempts will continue",
    "will be retried until",
    "could not send message for past",
    "warning message only",
    "warning only",
    "still being retried",
});

constexpr std::array kFinalWords =
    std::to_array<std::string_view>({"permanent error", "failed permanently", "given up"});

// Behind a line with one of these, the original message begins.
constexpr std::array kOriginalWords = std::to_array<std::string_view>({
    "below this line is a copy",
    "this is a copy of",
    "original message",
    "original headers",
    "unsent message follows",
    "returned message",
    "message header follows",
    "header of the original",
    "bounced e-mail:",
});

// Subjects of reports begin so; a person's answer begins with "Re:".
constexpr std::array kBounceSubjects = std::to_array<std::string_view>({
    "undelivered mail returned",
    "undeliverable",
    "mail delivery fail",
    "mail delivery status",
    "mail failure",
    "mail could not be delivered",
    "delivery status notification",
    "delivery failure",
    "delivery delayed",
    "delayed mail",
    "failure notice",
    "failure delivery",
    "returned mail",
    "returned to sender",
    "warning: could not send",
    "warning: message",
});

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Lower case, runs of white space as one space, quoted lines ("> ") left out.
std::string prose(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.starts_with('>')) continue;
    for (const char c : line) {
      const bool is_blank = c == ' ' || c == '\t';
      if (is_blank && out.ends_with(' ')) continue;
      out += is_blank ? ' ' : base::to_lower(c);
    }
    out += ' ';
  }
  return out;
}

template <typename Words>
bool holds_one_of(std::string_view prose, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return prose.find(word) != std::string_view::npos; });
}

}  // namespace

bool speaks_of_bounce(std::string_view text) {
  return holds_one_of(prose(text), kBounceWords);
}

bool speaks_of_delay(std::string_view text) {
  const std::string words = prose(text);
  return holds_one_of(words, kDelayWords) && !holds_one_of(words, kFinalWords);
}

bool announces_original(std::string_view line) {
  const bool is_marked = line.starts_with("--") || line.ends_with(':');
  return is_marked && holds_one_of(prose(line), kOriginalWords);
}

bool is_bounce_subject(std::string_view subject) {
  const std::string words = prose(subject);
  return std::any_of(kBounceSubjects.begin(), kBounceSubjects.end(),
                     [&](std::string_view begin) { return words.starts_with(begin); });
}

}  // namespace mailcheck::mail
