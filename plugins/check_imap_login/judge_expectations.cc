#include "plugins/check_imap_login/judge_expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/printable.h"

namespace mailcheck::plugins::imap_login {
namespace {

using probe::ImapLoginFacts;

bool is_same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const auto& known) { return is_same_name(known, name); });
}

class Judge {
 public:
  Judge(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits)
      : report_(report), facts_(facts), limits_(limits) {}

  // Both as they are shown, so that what can be read in the greeting can be expected of it.
  void greeting() {
    const std::string expected = base::printable_line(limits_.expectations.greeting);
    const std::string greeting = base::printable_line(facts_.greeting.value_or(""));
    if (!facts_.greeting || greeting.find(expected) != std::string::npos) return;
    add(fmt::format("greeting: not-expected, \"{}\" does not occur in \"{}\"", expected, greeting));
  }

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
      if (is_same_name(std::string_view(name).substr(0, 5), "AUTH=")) offers.push_back(name);
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
