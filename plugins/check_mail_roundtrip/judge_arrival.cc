#include "plugins/check_mail_roundtrip/judge_arrival.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/printable.h"
#include "plugins/check_mail_roundtrip/judge_authentication.h"
#include "plugins/check_mail_roundtrip/judge_words.h"
#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

using probe::Arrival;
using probe::RoundtripFacts;

std::string folder(const Arrival& arrival) {
  return folder_words({arrival.folder}, "");
}

// "arrived after 12 s in INBOX"; by the clock of when it was found, if the server does not tell when it came.
std::string late_words(const Arrival& arrival) {
  return fmt::format("arrived {} {:.0f} s in {}", arrival.received ? "after" : "within",
                     base::to_seconds(arrival.delay), folder(arrival));
}

std::string own_words(const Arrival& arrival) {
  return fmt::format("arrived after {:.2f} s in {}", base::to_seconds(arrival.delay), folder(arrival));
}

// Each once, in the order seen.
std::vector<std::string> folders_of_copies(const RoundtripFacts& facts, std::size_t copies) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < copies; ++i) {
    const std::string& name = facts.arrivals[i].folder;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

void append(std::string& text, std::string_view separator, const std::string& clause) {
  if (clause.empty()) return;
  if (!text.empty()) text += separator;
  text += clause;
}

// Whose delay is the number `transit`; nullptr: none is known.
const Arrival* timed_arrival(const RoundtripFacts& facts) {
  const Arrival* slowest = nullptr;
  for (const Arrival& one : facts.arrivals) {
    if (one.is_of_this_run) return &one;
    if (one.received && (slowest == nullptr || one.delay > slowest->delay)) slowest = &one;
  }
  return slowest;
}

plugin::Metric transit_of(const Arrival& arrival, const Limits& limits) {
  return {.label = "transit",
          .value = base::to_seconds(arrival.delay),
          .unit = plugin::Unit::seconds,
          .limits = limits.thresholds.limits("transit"),
          .about = arrival.is_of_this_run ? "" : message_words(arrival.sent)};
}

void judge_transit(plugin::Report& report, const Arrival& arrival, const Limits& limits) {
  plugin::Report only;
  only.steps.push_back(transit_of(arrival, limits));
  plugin::judge_limits(only);
  for (plugin::Finding& finding : only.findings) report.findings.push_back(std::move(finding));
}

void judge_late(plugin::Report& report, const Arrival& arrival, const Limits& limits) {
  add_finding(report, limits, "late", fmt::format("{} {}", message_words(arrival.sent), late_words(arrival)));
  if (!arrival.is_junk) return;
  add_finding(report, limits, "junk", fmt::format("{} arrived in {}", message_words(arrival.sent), folder(arrival)));
}

std::string late_summary(const std::vector<const Arrival*>& late) {
  const Arrival& slowest =
      **std::max_element(late.begin(), late.end(), [](const auto* a, const auto* b) { return a->delay < b->delay; });
  if (late.size() == 1) return "an earlier one " + late_words(slowest);
  return fmt::format("{} earlier ones arrived, the slowest after {:.0f} s", late.size(),
                     base::to_seconds(slowest.delay));
}

// "? to mx.example.test": a stamp may leave out either.
std::string hop_words(const std::string& from, const std::string& by) {
  return fmt::format("{} to {}", from.empty() ? "?" : from, by.empty() ? "?" : by);
}

void add_header_facts(plugin::Report& report, const Arrival& arrival) {
  std::vector<std::string> hops;
  for (const auto& hop : arrival.path.hops) hops.push_back(hop_words(hop.from, hop.by));
  if (!hops.empty()) report.facts.push_back({"hops", std::move(hops)});
  if (const auto& slowest = arrival.path.slowest)
    add_fact(report, "slowest_hop", hop_words(slowest->from, slowest->by));
  if (!arrival.spam) return;
  add_fact(report, "spam_header", arrival.spam->header);
  report.facts.push_back({"spam_marked", arrival.spam->is_marked});
}

}  // namespace

void judge_own_arrival(plugin::Report& report, const RoundtripFacts& facts, const Limits& limits) {
  const std::size_t copies = own_arrivals(facts);
  if (copies == 0) return;
  const Arrival& first = facts.arrivals.front();
  if (first.is_junk) {
    report.findings.push_back(limits.findings.make("junk", own_words(first)));
  } else {
    report.summary = own_words(first);
  }
  append(report.summary, "; ", authentication_words(first.authentication.results));
  if (copies == 1) return;
  add_finding(report, limits, "duplicate",
              fmt::format("{} copies arrived, in {}", copies, folder_words(folders_of_copies(facts, copies), "and")));
}

void keep_arrival_in_line(plugin::Report& report, const RoundtripFacts& facts) {
  constexpr std::ptrdiff_t kInLine = 3;  // findings that plugin/headline.h shows
  const std::string what = own_arrivals(facts) == 0 ? "" : own_words(facts.arrivals.front());
  const auto junk = std::find_if(report.findings.begin(), report.findings.end(),
                                 [&](const auto& one) { return one.name == "junk" && one.text == what; });
  if (junk == report.findings.end()) return;
  const auto is_before = [&](const plugin::Finding& one) {
    return plugin::is_worse(one.status, junk->status) || (one.status == junk->status && &one < &*junk);
  };
  const auto before = std::count_if(report.findings.begin(), report.findings.end(), is_before);
  if (junk->status != plugin::Status::ok && before < kInLine) return;
  report.summary = what + (report.summary.empty() ? "" : "; ") + report.summary;
}

void judge_late_arrivals(plugin::Report& report, const RoundtripFacts& facts, const Limits& limits) {
  std::vector<const Arrival*> late;
  for (const Arrival& arrival : facts.arrivals) {
    if (!arrival.is_of_this_run) late.push_back(&arrival);
  }
  for (const Arrival* arrival : late) {
    judge_late(report, *arrival, limits);
    const bool is_judged_elsewhere = arrival == timed_arrival(facts) || !arrival->received;
    if (!is_judged_elsewhere) judge_transit(report, *arrival, limits);
  }
  if (late.empty() || own_arrivals(facts) > 0) return;
  append(report.summary, "; ", late_summary(late));
  if (late.size() == 1) append(report.summary, "; ", authentication_words(late.front()->authentication.results));
}

void judge_header(plugin::Report& report, const RoundtripFacts& facts, const Limits& limits) {
  if (facts.arrivals.empty()) return;
  const Arrival& first = facts.arrivals.front();
  judge_authentication(report, first, limits);
  if (!first.has_header) return;
  if (first.path.has_skew) {
    add_finding(report, limits, "clock-skew", "a server on the way stamped an earlier time than the one before it");
  }
  add_header_facts(report, first);
}

std::optional<plugin::Metric> transit(const RoundtripFacts& facts, const Limits& limits) {
  const Arrival* arrival = timed_arrival(facts);
  return arrival == nullptr ? std::nullopt : std::optional(transit_of(*arrival, limits));
}

void add_arrival_metrics(plugin::Report& report, const RoundtripFacts& facts, const Limits& limits) {
  if (facts.arrivals.empty()) return;
  const Arrival& first = facts.arrivals.front();
  const auto add = [&](std::string label, std::optional<double> value, plugin::Unit unit) {
    if (value) {
      add_metric(report, {.label = std::move(label), .value = *value, .unit = unit}, limits.thresholds);
    } else if (limits.thresholds.has(label)) {
      add_finding(report, limits, "not-measured",
                  label + (first.has_header ? ": the header of the message does not tell it"
                                            : ": the header of the message could not be read"));
    }
  };
  const auto& slowest = first.path.slowest;
  add("slowest_hop", slowest ? std::optional(base::to_seconds(slowest->duration)) : std::nullopt,
      plugin::Unit::seconds);
  add("hops", first.has_header ? std::optional(static_cast<double>(first.path.hops.size())) : std::nullopt,
      plugin::Unit::none);
  add("spam_score", first.spam ? std::optional(first.spam->score) : std::nullopt, plugin::Unit::none);
  add("junk", first.is_junk ? 1 : 0, plugin::Unit::none);
  if (timed_arrival(facts) == nullptr && limits.thresholds.has("transit")) {
    add_finding(report, limits, "not-measured", "transit: the server does not tell when the message arrived");
  }
}

}  // namespace mailcheck::plugins::mail_roundtrip
