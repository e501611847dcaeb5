#include "plugins/check_imap_login/judge_expectations.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::imap_login {
namespace {

using probe::ImapLoginFacts;

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const auto& known) { return base::equals_ignoring_case(known, name); });
}

class Judge {
 public:
  Judge(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits)
      : report_(report), facts_(facts), limits_(limits) {}

  void greeting() { judge_greeting(report_, facts_.greeting, limits_.expectations.greeting, limits_.findings); }

  void capabilities() {
    if (!facts_.capabilities) return;
    for (const std::string& expected : limits_.expectations.capabilities) {
      const bool must_be_absent = expected.starts_with('!');
      const std::string name = must_be_absent ? expected.substr(1) : expected;
      if (has(*facts_.capabilities, name) != must_be_absent) continue;
      add(fmt::format("capability: not-expected, {} is {}offered", name, must_be_absent ? "" : "not "));
    }
  }

  void plaintext() {
    if (!limits_.expectations.refuses_plaintext || !facts_.capabilities_before_tls) return;
    std::vector<std::string> offers;
    for (const std::string& name : *facts_.capabilities_before_tls) {
      if (base::equals_ignoring_case(std::string_view(name).substr(0, 5), "AUTH=")) offers.push_back(name);
    }
    if (!has(*facts_.capabilities_before_tls, "LOGINDISABLED")) offers.emplace_back("the LOGIN command");
    if (offers.empty()) return;
    add(fmt::format("capability: not-expected, log in is offered before TLS: {}", fmt::join(offers, ", ")));
  }

  void mailboxes() {
    if (facts_.missing_mailboxes.empty()) return;
    add(fmt::format("list: not-expected, no mailbox {}", fmt::join(facts_.missing_mailboxes, ", ")));
  }

 private:
  void add(std::string text) { report_.findings.push_back(limits_.findings.make("not-expected", std::move(text))); }

  plugin::Report& report_;
  const ImapLoginFacts& facts_;
  const Limits& limits_;
};

}  // namespace

void judge_expectations(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  Judge judge(report, facts, limits);
  judge.greeting();
  judge.capabilities();
  judge.plaintext();
  judge.mailboxes();
}

}  // namespace mailcheck::plugins::imap_login
