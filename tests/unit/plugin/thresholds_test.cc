#include "plugin/thresholds.h"

#include <cmath>
#include <limits>

#include "support/catch2.h"

using namespace mailcheck::plugin;

namespace {

Range range(const char* text) {
  return *Range::parse(text);
}

}  // namespace

TEST_CASE("critical is tested before warning") {
  const Limits both{.warning = range("5"), .critical = range("10")};
  CHECK(judge(both, 3) == Status::ok);
  CHECK(judge(both, 7) == Status::warning);
  CHECK(judge(both, 11) == Status::critical);
  CHECK(judge({.warning = range("10"), .critical = range("5")}, 11) == Status::critical);
  CHECK(judge({.critical = range("5")}, 7) == Status::critical);
  CHECK(judge({.warning = range("5")}, 7) == Status::warning);
  CHECK(judge({}, 7) == Status::ok);
}

TEST_CASE("a value that is no number is UNKNOWN where there is a range, and nothing where there is none") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(judge({.warning = range("~:")}, std::nan("")) == Status::unknown);
  CHECK(judge({.critical = range("@5")}, infinity) == Status::unknown);
  CHECK(judge({}, std::nan("")) == Status::ok);
}

TEST_CASE("every label has its own limits, the last one given wins") {
  Thresholds thresholds;
  CHECK(thresholds.labels().empty());
  thresholds.set_warning("total", range("5"));
  thresholds.set_critical("unseen", range("100"));
  thresholds.set_critical("total", range("10"));
  thresholds.set_warning("total", range("6"));
  CHECK(thresholds.limits("total") == Limits{.warning = range("6"), .critical = range("10")});
  CHECK(thresholds.limits("unseen") == Limits{.warning = {}, .critical = range("100")});
  CHECK(thresholds.limits("connect").is_empty());
  CHECK(thresholds.has("unseen"));
  CHECK_FALSE(thresholds.has("connect"));
  CHECK(thresholds.labels() == std::vector<std::string>{"total", "unseen"});
}

TEST_CASE("a range names its label or gets the default one") {
  CHECK(parse_labelled("5", "total") == LabelledRange("total", range("5")));
  CHECK(parse_labelled("unseen=:100", "total") == LabelledRange("unseen", range("100")));
  CHECK(parse_labelled("cert_days=@~:21", "total") == LabelledRange("cert_days", range("@~:21")));
}

TEST_CASE("a labelled range that is none is refused with what was expected") {
  for (const char* bad : {"", "=", "=5", "total=", "total=500ms", "total=unseen=5", "total", "5=", "total=1,5"}) {
    CAPTURE(bad);
    const auto parsed = parse_labelled(bad, "total");
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().find("expected") != std::string::npos);
  }
  CHECK_FALSE(parse_labelled("5", "").has_value());
}
