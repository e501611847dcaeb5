#include "plugin/render_prometheus.h"

#include <algorithm>
#include <limits>
#include <set>

#include "example_report.h"
#include "plugin/render.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::plugin;
using namespace mailcheck::test;

namespace {

constexpr base::WallTime kEnded{std::chrono::seconds(1767225600)};

std::string prometheus(const Report& report, const PrometheusLabels& labels = {}) {
  return render(report, {.format = Format::prometheus, .prometheus_labels = labels, .ended = kEnded});
}

std::vector<std::string> samples(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);  // every line ends with a line feed
    if (text[at] != '#') lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool has(const std::string& text, const std::string& line) {
  return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

Report one_metric(Metric metric) {
  Report report;
  report.metrics.push_back(std::move(metric));
  return report;
}

}  // namespace

TEST_CASE("the state, the time of the run, every step, finding and number are samples, each under its heading") {
  CHECK(prometheus(good_report()) ==
        "# IMAP OK - mail.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s\n"
        "# HELP mailcheck_state State of the check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.\n"
        "# TYPE mailcheck_state gauge\n"
        "mailcheck_state{service=\"IMAP\",host=\"mail.example.test\",port=\"993\"} 0\n"
        "# HELP mailcheck_last_run_timestamp_seconds When the check ended, in seconds since 1970.\n"
        "# TYPE mailcheck_last_run_timestamp_seconds gauge\n"
        "mailcheck_last_run_timestamp_seconds{service=\"IMAP\",host=\"mail.example.test\",port=\"993\"} 1767225600\n"
        "# HELP mailcheck_duration_seconds Time of the whole check.\n"
        "# TYPE mailcheck_duration_seconds gauge\n"
        "mailcheck_duration_seconds{service=\"IMAP\",host=\"mail.example.test\",port=\"993\"} 0.084000\n"
        "# HELP mailcheck_step_seconds Time of each step that was finished.\n"
        "# TYPE mailcheck_step_seconds gauge\n"
        "mailcheck_step_seconds{service=\"IMAP\",host=\"mail.example.test\",port=\"993\",step=\"dns\"} 0.001000\n"
        "mailcheck_step_seconds{service=\"IMAP\",host=\"mail.example.test\",port=\"993\",step=\"connect\"} 0.002000\n"
        "mailcheck_step_seconds{service=\"IMAP\",host=\"mail.example.test\",port=\"993\",step=\"tls\"} 0.040000\n"
        "mailcheck_step_seconds{service=\"IMAP\",host=\"mail.example.test\",port=\"993\",step=\"auth\"} 0.020000\n"
        "# HELP mailcheck_finding What was found, and how it was judged; notes are OK.\n"
        "# TYPE mailcheck_finding gauge\n"
        "mailcheck_finding{service=\"IMAP\",host=\"mail.example.test\",port=\"993\",name=\"address-failed\",state="
        "\"OK\"} "
        "1\n"
        "# HELP mailcheck_messages Label messages of the performance data.\n"
        "# TYPE mailcheck_messages gauge\n"
        "mailcheck_messages{service=\"IMAP\",host=\"mail.example.test\",port=\"993\"} 12\n"
        "# HELP mailcheck_quota_storage_ratio Label quota_storage of the performance data, from 0 to 1.\n"
        "# TYPE mailcheck_quota_storage_ratio gauge\n"
        "mailcheck_quota_storage_ratio{service=\"IMAP\",host=\"mail.example.test\",port=\"993\"} 0.9125\n");
}

TEST_CASE("numbers are in base units, and the unit is the end of the name") {
  const auto shown = [](Metric metric) { return samples(prometheus(one_metric(std::move(metric)))).back(); };
  CHECK(shown({.label = "cert_days", .value = 1.5}) == "mailcheck_cert_remaining_seconds{service=\"\"} 129600");
  CHECK(shown({.label = "chain_days", .value = -2}) == "mailcheck_chain_remaining_seconds{service=\"\"} -172800");
  CHECK(shown({.label = "newest_age", .value = 3600, .unit = Unit::seconds}) ==
        "mailcheck_newest_age_seconds{service=\"\"} 3600");
  CHECK(shown({.label = "quota_storage_bytes", .value = 1048576, .unit = Unit::bytes}) ==
        "mailcheck_quota_storage_bytes{service=\"\"} 1048576");
  CHECK(shown({.label = "lifetime_left", .value = 100, .unit = Unit::percent}) ==
        "mailcheck_lifetime_left_ratio{service=\"\"} 1");
  CHECK(shown({.label = "spam_score", .value = -0.1}) == "mailcheck_spam_score{service=\"\"} -0.1");
}

TEST_CASE("what was not measured is absent, with its heading") {
  Report report = one_metric({.label = "unseen", .value = std::numeric_limits<double>::quiet_NaN()});
  report.steps = {seconds("dns", std::numeric_limits<double>::infinity())};
  CHECK(samples(prometheus(report)).size() == 2);
  CHECK(prometheus(report).find("unseen") == std::string::npos);
  CHECK(prometheus(report).find("step") == std::string::npos);
  CHECK(prometheus(report).find("mailcheck_finding") == std::string::npos);
}

TEST_CASE("no sample is given twice, whatever was found twice") {
  Report report;
  report.findings = {{.name = "threshold", .status = Status::warning, .text = "tls"},
                     {.name = "threshold", .status = Status::critical, .text = "total"},
                     {.name = "threshold", .status = Status::warning, .text = "auth"}};
  const std::string text = prometheus(report);
  CHECK(has(text, "mailcheck_finding{service=\"\",name=\"threshold\",state=\"WARNING\"} 1"));
  CHECK(has(text, "mailcheck_finding{service=\"\",name=\"threshold\",state=\"CRITICAL\"} 1"));
  const auto lines = samples(text);
  CHECK(std::set<std::string>(lines.begin(), lines.end()).size() == lines.size());
  CHECK(lines.size() == 4);
  CHECK(has(text, "mailcheck_state{service=\"\"} 2"));
}

TEST_CASE("the user's labels stand in every sample, and values are escaped") {
  const std::string text = prometheus(good_report(), {{"account", "a\"b\\c\nd"}, {"site", ""}});
  for (const std::string& line : samples(text)) {
    CAPTURE(line);
    CHECK(line.find(R"(,port="993",account="a\"b\\c d",site="")") != std::string::npos);
  }
}

TEST_CASE("words of a server cannot forge a sample, a heading or a label") {
  const std::string text = prometheus(hostile_report());
  for (const std::string& line : samples(text)) {
    CAPTURE(line);
    CHECK(line.starts_with("mailcheck_"));
    CHECK(line.substr(0, line.find('{')).find_first_of("|=<>'\" ") == std::string::npos);
  }
  CHECK(text.find_first_of("\r\t\x1b\xff") == std::string::npos);
  CHECK(has(text, "mailcheck_state{service=\"IMAP\",host=\"" + std::string(kHostileCleaned) + "\"} 2"));
  Report report;
  report.summary = "fine\n# TYPE mailcheck_state counter\nmailcheck_state 0";
  CHECK(samples(prometheus(report)).size() == 2);
  CHECK(prometheus(report).find("\n# TYPE mailcheck_state counter") == std::string::npos);
}

TEST_CASE("-v and --perfdata change nothing, for a collector wants the same names each time") {
  const RenderOptions options{
      .format = Format::prometheus, .verbosity = 3, .perfdata_labels = {"dns"}, .ended = kEnded};
  CHECK(render(good_report(), options) == prometheus(good_report()));
}

TEST_CASE("a label of the user has the form that Prometheus asks for, and is none of ours") {
  for (const std::string name : {"account", "_a", "A1", "le"}) CHECK(may_be_prometheus_label(name));
  for (const std::string name :
       {"", "1a", "a-b", "a b", "__name__", "a=", "\xc3\xa4", "service", "host", "port", "step", "name", "state"}) {
    CAPTURE(name);
    CHECK_FALSE(may_be_prometheus_label(name));
  }
}
