// Findings: the one table that turns what happened into a state. Every error kind, expectation and note of all plugins
// is a row: name, default state, what it means, what to do about it. judge.cc looks states up here and nowhere else;
// the man pages' FINDINGS sections and --result NAME=STATE come from it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plugin/report.h"

namespace mailcheck::plugins {

// Who decides the state of a finding: the row, unless --result says otherwise; the range that a number left; nobody,
// since the options were not understood or the plugin itself is at fault.
enum class Decided { by_result, by_range, always };

// Which checks a finding can come from: imap, smtp, tls and roundtrip are a bit each, the others are sums of them. A
// round trip has what its SMTP side has, but for what it never asks for; whatever ends its IMAP side is could-not-look.
enum class Scope : unsigned {
  imap = 1,
  smtp = 2,
  tls = 4,
  roundtrip = 8,
  upgrade = 5,      // imap, tls
  single = 7,       // all but roundtrip
  mailbox = 9,      // imap, roundtrip
  submission = 10,  // smtp, roundtrip
  log_in = 11,      // all but tls
  transfer = 14,    // all but imap
  all = 15,
};

[[nodiscard]] constexpr bool overlaps(Scope left, Scope right) {
  return (static_cast<unsigned>(left) & static_cast<unsigned>(right)) != 0;
}

struct FindingRow {
  std::string_view name;
  plugin::Status state;
  std::string_view meaning;  // one sentence, for the man page
  std::string_view advice;   // what to do about it, one sentence; the hint of -v
  Decided decided = Decided::by_result;
  Scope scope = Scope::all;
};

// In the order of a session.
[[nodiscard]] std::span<const FindingRow> finding_rows();
// Those of a plugin of that scope that --result knows.
[[nodiscard]] std::vector<std::string_view> finding_names(Scope scope);

// The table with a user's --result on top.
class Findings {
 public:
  explicit Findings(std::map<std::string, plugin::Status> overrides = {}) : overrides_(std::move(overrides)) {}

  // Precondition: `name` is a row (a test walks all callers' names); otherwise the state is UNKNOWN.
  [[nodiscard]] plugin::Finding make(std::string_view name, std::string text) const;
  [[nodiscard]] plugin::Finding make(base::ErrorKind kind, std::string text) const {
    return make(base::to_string(kind), std::move(text));
  }
  // The user has said what state it has.
  [[nodiscard]] bool is_settled(std::string_view name) const { return overrides_.contains(std::string(name)); }
  [[nodiscard]] bool is_settled(base::ErrorKind kind) const { return is_settled(base::to_string(kind)); }
  // For findings that were made elsewhere (plugin::judge_limits): their rows' advice.
  static void add_advice(plugin::Report& report);

 private:
  std::map<std::string, plugin::Status> overrides_;
};

}  // namespace mailcheck::plugins
