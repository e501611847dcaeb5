// Report: everything that a run has to say, before it is text. judge.cc of a plugin makes it, render.h prints it.
//
// Texts may hold words of the server: they need not be clean, render.h cleans every one. They must not hold secrets.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "plugin/metric.h"
#include "plugin/status.h"

namespace mailcheck::plugin {

struct Finding {
  std::string name;                 // row of the table of findings, for example "starttls-absent"
  Status status = Status::unknown;  // ok: a note
  std::string text;                 // one clause for the status line, without a full stop
  std::string hint = {};            // what to do about it, one sentence; may be empty
};

struct Fact {
  std::string name;
  std::variant<bool, double, std::string, std::vector<std::string>> value;
};

// The server's last reply; members are empty where it had none.
struct ServerReply {
  std::string code = {};      // "535", "NO"
  std::string enhanced = {};  // "5.7.8", "AUTHENTICATIONFAILED"
  std::string text = {};
};

struct Report {
  std::string service = {};            // "IMAP"
  std::string summary = {};            // what went well, in one clause; empty when the session failed
  std::string caveat = {};             // a clause that the line ends with, however long the rest; mostly none
  std::string host = {};               // as the user named it
  std::string address = {};            // that was used; empty if none was reached
  unsigned port = 0;                   // 0: none
  std::vector<Metric> steps = {};      // seconds, in order of time, label "total" last
  std::string unfinished_step = {};    // failed or interrupted, so that it has no time of its own; mostly none
  std::vector<Metric> metrics = {};    // the rest, in the order of perfdata
  std::vector<Finding> findings = {};  // in the order found
  ServerReply server = {};
  std::vector<std::string> targets =
      {};  // one clause for each of several hosts or addresses; shown always, a line each
  std::vector<Fact> facts = {};
  std::vector<std::string> dialogue = {};  // masked protocol lines, for -vvv
};

// The worst state of the findings; OK without any. Limits count only once judge_limits() made findings of them.
[[nodiscard]] Status status(const Report& report);

// For each step and metric outside its limits appends Finding{"threshold", state, "unseen is 120 (critical range
// :100)"}; for one with limits whose value is not finite, Finding{"not-measured", UNKNOWN, ...}. To be called once.
void judge_limits(Report& report);

}  // namespace mailcheck::plugin
