#include "plugins/check_smtp_submit/judge_expectations.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::smtp_submit {
namespace {

using probe::SmtpReply;
using probe::SmtpSubmitFacts;

// "AUTH=LOGIN PLAIN" is an old way to say "AUTH LOGIN PLAIN".
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" ="), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

// "AUTH PLAIN" is there if a line has the keyword and, among its parameters, the others.
bool is_offered(const std::vector<std::string>& extensions, std::string_view wanted) {
  const auto wanted_words = words_of(wanted);
  return std::any_of(extensions.begin(), extensions.end(), [&](const std::string& line) {
    const auto words = words_of(line);
    if (words.empty() || !base::equals_ignoring_case(words.front(), wanted_words.front())) return false;
    return std::all_of(wanted_words.begin() + 1, wanted_words.end(), [&](std::string_view parameter) {
      return std::any_of(words.begin() + 1, words.end(),
                         [&](std::string_view word) { return base::equals_ignoring_case(word, parameter); });
    });
  });
}

class Judge {
 public:
  Judge(plugin::Report& report, const SmtpSubmitFacts& facts, const Limits& limits)
      : report_(report), facts_(facts), limits_(limits) {
    const ExpectedReply* expected = expectation_of_ending(facts, limits);
    is_silent_ = facts.error && (expected == nullptr || !expected->accepts(ending_reply(facts)->code));
  }

  void greeting() { judge_greeting(report_, facts_.greeting, limits_.expectations.greeting, limits_.findings); }

  void extensions() {
    if (!facts_.extensions && is_silent_) return;
    const std::vector<std::string> offered = facts_.extensions.value_or(std::vector<std::string>{});
    for (const std::string& expected : limits_.expectations.extensions) {
      const bool must_be_absent = expected.starts_with('!');
      const std::string name = must_be_absent ? expected.substr(1) : expected;
      if (is_offered(offered, name) != must_be_absent) continue;
      add(fmt::format("ehlo: not-expected, {} is {}offered", name, must_be_absent ? "" : "not "));
    }
  }

  void replies() {
    for (const ExpectedReply& expected : limits_.expectations.replies) {
      if (!is_answered(expected.stage) && !is_silent_) {
        add(fmt::format("{}: not-expected, the session ended without an answer there",
                        base::to_string(expected.stage)));
      }
      for (const SmtpReply& reply : facts_.replies) {
        if (reply.stage != expected.stage || expected.accepts(reply.code)) continue;
        add(fmt::format("{}: not-expected, {} instead of {}{}", base::to_string(reply.stage), quote(reply),
                        expected.in_words(), reply.kind ? fmt::format(" ({})", base::to_string(*reply.kind)) : ""));
        break;  // one finding for all recipients
      }
    }
  }

 private:
  [[nodiscard]] bool is_answered(base::Stage stage) const {
    return std::any_of(facts_.replies.begin(), facts_.replies.end(),
                       [&](const SmtpReply& reply) { return reply.stage == stage; });
  }
  void add(std::string text) { report_.findings.push_back(limits_.findings.make("not-expected", std::move(text))); }

  plugin::Report& report_;
  const SmtpSubmitFacts& facts_;
  const Limits& limits_;
  bool is_silent_ = false;  // the error that ended the session says it all
};

}  // namespace

std::string quote(const SmtpReply& reply) {
  base::Error error;
  error.peer_code =
      reply.enhanced.empty() ? std::to_string(reply.code) : fmt::format("{} {}", reply.code, reply.enhanced);
  error.peer_text = reply.text;
  return plugins::quote(error);
}

// Not a log in that this side gave up: the server's answer to that says nothing of the credentials.
const SmtpReply* ending_reply(const SmtpSubmitFacts& facts) {
  if (!facts.error || !facts.error->is_answered || facts.error->peer_code.empty()) return nullptr;
  const auto found = std::find_if(facts.replies.begin(), facts.replies.end(), [&](const SmtpReply& reply) {
    return reply.stage == facts.error->stage && reply.kind == facts.error->kind;
  });
  return found == facts.replies.end() ? nullptr : &*found;
}

const ExpectedReply* expectation_of_ending(const SmtpSubmitFacts& facts, const Limits& limits) {
  if (ending_reply(facts) == nullptr) return nullptr;
  const auto& replies = limits.expectations.replies;
  const auto found = std::find_if(replies.begin(), replies.end(),
                                  [&](const ExpectedReply& reply) { return reply.stage == facts.error->stage; });
  return found == replies.end() ? nullptr : &*found;
}

void judge_expectations(plugin::Report& report, const SmtpSubmitFacts& facts, const Limits& limits) {
  Judge judge(report, facts, limits);
  judge.greeting();
  judge.extensions();
  judge.replies();
}

}  // namespace mailcheck::plugins::smtp_submit
