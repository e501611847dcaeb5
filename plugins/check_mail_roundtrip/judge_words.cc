#include "plugins/check_mail_roundtrip/judge_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

constexpr std::size_t kLongestFolder = 80;

}  // namespace

void add_finding(plugin::Report& report, const Limits& limits, std::string_view name, const std::string& text) {
  report.findings.push_back(limits.findings.make(name, fmt::format("{}, {}", name, text)));
}

std::string folder_words(const std::vector<std::string>& names, std::string_view conjunction) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += fmt::format(" {} ", conjunction);
    text += base::printable(name, kLongestFolder);
  }
  return text;
}

std::string message_words(base::WallTime sent) {
  return "the message of " + utc(sent);
}

std::string acceptance(const probe::SmtpSubmitFacts& submission) {
  if (!submission.is_delivered) return "";
  const auto reply = std::find_if(submission.replies.rbegin(), submission.replies.rend(),
                                  [](const auto& one) { return one.stage == base::Stage::data; });
  if (reply == submission.replies.rend()) return "";
  base::Error words;
  words.peer_code = fmt::format("{}{}{}", reply->code, reply->enhanced.empty() ? "" : " ", reply->enhanced);
  words.peer_text = reply->text;
  return quote(words);
}

std::size_t own_arrivals(const probe::RoundtripFacts& facts) {
  return static_cast<std::size_t>(
      std::count_if(facts.arrivals.begin(), facts.arrivals.end(), [](const auto& one) { return one.is_of_this_run; }));
}

bool is_bounced(const probe::RoundtripFacts& facts) {
  return std::any_of(facts.bounces.begin(), facts.bounces.end(), [](const probe::Bounce& one) {
    return one.is_of_this_run && one.report.action == mail::DeliveryReport::Action::failed;
  });
}

}  // namespace mailcheck::plugins::mail_roundtrip
