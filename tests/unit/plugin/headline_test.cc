#include "plugin/headline.h"

#include "support/catch2.h"

using namespace mailcheck::plugin;

namespace {

Report report_with(std::vector<Finding> findings, std::string summary = "") {
  Report report;
  report.summary = std::move(summary);
  report.findings = std::move(findings);
  return report;
}

Finding critical(std::string text) {
  return {.name = "x", .status = Status::critical, .text = std::move(text)};
}
Finding warning(std::string text) {
  return {.name = "x", .status = Status::warning, .text = std::move(text)};
}
Finding unknown(std::string text) {
  return {.name = "x", .status = Status::unknown, .text = std::move(text)};
}
Finding note(std::string text) {
  return {.name = "x", .status = Status::ok, .text = std::move(text)};
}

// Not inlined: GCC 12 sees overflows in what it knows too much about.
[[gnu::noinline]] std::string run(std::size_t size, char c) {
  return std::string(size, c);
}

}  // namespace

TEST_CASE("the worst finding comes first, then those found first, then what went well") {
  CHECK(headline(report_with({unknown("u"), warning("w"), critical("c")}, "logged in"), 0) == "c; w; u; logged in");
  CHECK(headline(report_with({warning("w1"), critical("c1"), warning("w2")}), 0) == "c1; w1; w2");
  CHECK(headline(report_with({critical("c2"), critical("c1")}), 0) == "c2; c1");
}

TEST_CASE("three findings at most are named, the others are counted") {
  CHECK(headline(report_with({warning("a"), warning("b"), warning("c")}), 0) == "a; b; c");
  CHECK(headline(report_with({warning("a"), warning("b"), warning("c"), critical("d"), warning("e")}, "s"), 0) ==
        "d; a; b; and 2 more; s");
}

TEST_CASE("many findings of one state keep their order") {
  std::vector<Finding> findings;
  for (int i = 0; i < 50; ++i)
    findings.push_back(i % 2 == 0 ? warning(std::to_string(i)) : critical(std::to_string(i)));
  CHECK(headline(report_with(findings), 0) == "1; 3; 5; and 47 more");
}

TEST_CASE("notes are shown from -v and only where there is no problem") {
  CHECK(headline(report_with({note("n")}, "s"), 0) == "s");
  CHECK(headline(report_with({note("n"), note("m")}, "s"), 1) == "s; note: n; note: m");
  CHECK(headline(report_with({note("n"), warning("w")}, "s"), 1) == "w; s");
}

TEST_CASE("a finding without words is called by its name") {
  CHECK(headline(report_with({{.name = "not-seen", .status = Status::critical, .text = ""}}), 0) == "not-seen");
}

TEST_CASE("a headline is capped, and one talkative finding leaves room for the others") {
  const std::string flood(5000, 'x');
  CHECK(headline(report_with({critical(flood)}, "s"), 0) == run(kHeadlineLimit, 'x') + "...");
  CHECK(headline(report_with({critical(flood), warning("w")}, "s"), 0) == run(256, 'x') + "...; w; s");
  CHECK(headline(report_with({}, flood), 0).size() == kHeadlineLimit + 3);
  CHECK(headline(report_with({critical(flood), critical(flood), critical(flood)}, flood), 0).size() ==
        kHeadlineLimit + 3);
}

TEST_CASE("a caveat is never cut off") {
  Report report = report_with({critical(run(5000, 'x'))}, "s");
  report.caveat = "unverified";
  CHECK(headline(report, 0) == run(kHeadlineLimit, 'x') + "...; unverified");
  CHECK(headline({.summary = "s", .caveat = "unverified"}, 0) == "s; unverified");
  Report noted = report_with({note("n")}, "s");
  noted.caveat = "unverified";
  CHECK(headline(noted, 1) == "s; unverified; note: n");
}

TEST_CASE("notes are all there is to say where nothing went well and --result made it OK") {
  CHECK(headline(report_with({note("auth: auth-failed")}), 0) == "note: auth: auth-failed");
}

TEST_CASE("a report with nothing to say has an empty headline") {
  CHECK(headline(Report{}, 3).empty());
}
