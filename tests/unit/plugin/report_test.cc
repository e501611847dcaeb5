#include "plugin/report.h"

#include <limits>

#include "support/catch2.h"

using namespace mailcheck::plugin;

namespace {

Limits critical(const char* text) {
  return {.critical = *Range::parse(text)};
}
Limits warning(const char* text) {
  return {.warning = *Range::parse(text)};
}

std::string text_of(Metric metric) {
  Report report;
  report.metrics.push_back(std::move(metric));
  judge_limits(report);
  return report.findings.empty() ? "" : report.findings.front().text;
}

}  // namespace

TEST_CASE("a report has the worst state of its findings, and is OK without any") {
  Report report;
  CHECK(status(report) == Status::ok);
  report.findings.push_back({.name = "pending", .status = Status::ok, .text = "a note"});
  CHECK(status(report) == Status::ok);
  report.findings.push_back({.name = "not-measured", .status = Status::unknown, .text = "x"});
  CHECK(status(report) == Status::unknown);
  report.findings.push_back({.name = "junk", .status = Status::warning, .text = "x"});
  CHECK(status(report) == Status::warning);
}

TEST_CASE("a finding that nobody gave a state is not taken for OK") {
  Report report;
  report.findings.push_back({.name = "forgotten", .text = "x"});
  CHECK(status(report) == Status::unknown);
}

TEST_CASE("limits become findings, steps first, in the order of perfdata") {
  Report report;
  report.steps.push_back({.label = "tls", .value = 0.01, .unit = Unit::seconds, .limits = warning("1")});
  report.steps.push_back({.label = "total", .value = 5.25, .unit = Unit::seconds, .limits = warning("5")});
  report.metrics.push_back({.label = "unseen", .value = 120, .limits = critical("100")});
  report.metrics.push_back({.label = "messages", .value = 500});
  judge_limits(report);
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].name == "threshold");
  CHECK(report.findings[0].status == Status::warning);
  CHECK(report.findings[0].text == "total is 5.25 s (warning range :5)");
  CHECK(report.findings[1].status == Status::critical);
  CHECK(report.findings[1].text == "unseen is 120 (critical range :100)");
  CHECK(status(report) == Status::critical);
}

TEST_CASE("a finding's number has its unit and is never shown as lying inside the range") {
  CHECK(text_of({.label = "a", .value = 5.0004, .unit = Unit::seconds, .limits = critical("5")}) ==
        "a is 5.0004 s (critical range :5)");
  CHECK(text_of({.label = "a", .value = 5.123456, .unit = Unit::seconds, .limits = critical("5")}) ==
        "a is 5.123 s (critical range :5)");
  CHECK(text_of({.label = "a", .value = 5.00000001, .limits = critical("5")}) == "a is 5.00000001 (critical range :5)");
  CHECK(text_of({.label = "a", .value = 91, .unit = Unit::percent, .limits = warning("90")}) ==
        "a is 91% (warning range :90)");
  CHECK(text_of({.label = "a", .value = 2048, .unit = Unit::bytes, .limits = warning("@1024:")}) ==
        "a is 2048 B (warning range @1024:)");
  CHECK(text_of({.label = "a", .value = 100, .limits = warning("@100")}) == "a is 100 (warning range @:100)");
  CHECK(text_of({.label = "a", .value = -0.0001, .limits = warning("5")}) == "a is -0.0001 (warning range :5)");
}

TEST_CASE("what was measured stands behind the number, where it is told") {
  CHECK(text_of({.label = "cert_days", .value = 3, .limits = critical("7:"), .about = "smtp 25, it ends on Monday"}) ==
        "cert_days is 3 (critical range 7:): smtp 25, it ends on Monday");
  CHECK(text_of({.label = "cert_days", .value = 30, .limits = critical("7:"), .about = "smtp 25"}).empty());
}

TEST_CASE("a value with limits that could not be measured is UNKNOWN, not OK") {
  Report report;
  report.metrics.push_back(
      {.label = "unseen", .value = std::numeric_limits<double>::quiet_NaN(), .limits = critical("~:")});
  report.metrics.push_back({.label = "messages", .value = std::numeric_limits<double>::infinity()});
  judge_limits(report);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].name == "not-measured");
  CHECK(report.findings[0].status == Status::unknown);
  CHECK(report.findings[0].text == "unseen could not be measured");
}
