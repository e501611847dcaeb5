#include "plugin/render.h"

#include <algorithm>
#include <limits>

#include "example_report.h"
#include "plugin/long_output.h"
#include "support/catch2.h"

using namespace mailcheck::plugin;
using namespace mailcheck::test;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);  // every line ends with a line feed
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string plain(const Report& report, int verbosity) {
  return render(report, {.verbosity = verbosity});
}

}  // namespace

TEST_CASE("without -v there is one line: state, what happened, all perfdata") {
  CHECK(plain(good_report(), 0) ==
        "IMAP OK - mail.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s | dns=0.001000s "
        "connect=0.002000s tls=0.040000s auth=0.020000s total=0.084000s messages=12;;;0 quota_storage=91.25%;95\n");
}

TEST_CASE("each of several hosts has a line, without -v too, behind the first and before all else") {
  Report report = good_report();
  report.targets = {"[OK] mx1.example.test smtp 25: TLSv1.3", "[CRITICAL] mx2.example.test smtp 25: expired"};
  const auto lines = lines_of(plain(report, 0));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].find(" | dns=") != std::string::npos);
  CHECK(lines[1] == "[OK] mx1.example.test smtp 25: TLSv1.3");
  CHECK(lines[2] == "[CRITICAL] mx2.example.test smtp 25: expired");
  CHECK(lines_of(plain(report, 1)).at(3).starts_with("server: "));
  CHECK(status(report) == Status::ok);  // they judge nothing
}

TEST_CASE("-v adds a table in which the longest step has forty marks, and the time between the steps a row") {
  CHECK(plain(good_report(), 1) ==
        "IMAP OK - mail.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s; note: 2001:db8::7 "
        "refused the connection | dns=0.001000s connect=0.002000s tls=0.040000s auth=0.020000s total=0.084000s "
        "messages=12;;;0 quota_storage=91.25%;95\n"
        "server: mail.example.test, address 192.0.2.7, port 993\n"
        "steps:\n"
        "  dns       1.0 ms    1 %  #\n"
        "  connect   2.0 ms    2 %  ##\n"
        "  tls      40.0 ms   48 %  ########################################\n"
        "  auth     20.0 ms   24 %  ####################\n"
        "  (rest)   21.0 ms   25 %  #####################\n"
        "  total    84.0 ms  100 %\n");
}

TEST_CASE("-v lists what is wrong with its hint, -vv the notes and facts too, -vvv the dialogue") {
  Report report;
  report.service = "SMTP";
  report.findings = {{.name = "auth-failed",
                      .status = Status::critical,
                      .text = "auth: auth-failed, 535 5.7.8 \"authentication failed\", after 0.041 s",
                      .hint = "check user and password with the mail program that the account is used with, then look "
                              "into the server's log"},
                     {.name = "address-failed", .status = Status::ok, .text = "2001:db8::7 timed out"}};
  report.facts = {{"tls", true}, {"size_limit", 10240000.0}, {"auth", std::vector<std::string>{"PLAIN", "LOGIN"}}};
  report.dialogue = {"S: 220 ready", "C: AUTH PLAIN ***"};
  const std::string first = "SMTP CRITICAL - auth: auth-failed, 535 5.7.8 \"authentication failed\", after 0.041 s\n";
  const std::string bad =
      "findings:\n"
      "  [CRITICAL] auth: auth-failed, 535 5.7.8 \"authentication failed\", after 0.041\n"
      "    s\n"
      "    hint: check user and password with the mail program that the account is\n"
      "      used with, then look into the server's log\n";
  const std::string more =
      "  [OK] address-failed: 2001:db8::7 timed out\n"
      "facts:\n"
      "  tls: yes\n"
      "  size_limit: 10240000\n"
      "  auth: PLAIN, LOGIN\n";
  CHECK(plain(report, 0) == first);
  CHECK(plain(report, 1) == first + bad);
  CHECK(plain(report, 2) == first + bad + more);
  CHECK(plain(report, 3) == first + bad + more + "dialogue:\n  S: 220 ready\n  C: AUTH PLAIN ***\n");
}

TEST_CASE("words of a server cannot forge a line, perfdata or markup, at any verbosity") {
  for (const int verbosity : {0, 1, 2, 3}) {
    const auto lines = lines_of(plain(hostile_report(), verbosity));
    CAPTURE(verbosity);
    CHECK(std::count(lines[0].begin(), lines[0].end(), '|') == 1);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CAPTURE(lines[i]);
      CHECK(lines[i].find_first_of("<>\r\t\x1b\xff") == std::string::npos);
      CHECK(lines[i].find("\xe2\x80\xae") == std::string::npos);
      CHECK((i == 0 || lines[i].find('|') == std::string::npos));
      CHECK((i == 0 || !lines[i].starts_with("IMAP OK")));
    }
  }
  const std::string words(kHostileCleaned);
  CHECK(plain(hostile_report(), 0) == "IMAP CRITICAL - " + words + "; " + words +
                                          " | connect=0.010000s 'no_x_1__IMAP OK - _b_fine_/b__[2J____'=1\n" + words +
                                          "\n");
}

TEST_CASE("the first line stays under 8 KiB and no metric is cut in two") {
  Report report;
  report.service = "IMAP";
  report.summary = std::string(5000, 's');
  for (int i = 0; i < 1000; ++i) report.metrics.push_back({.label = "label_" + std::to_string(i), .value = 123456.75});
  const auto lines = lines_of(plain(report, 0));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].size() < 8192);
  CHECK(lines[0].size() > 7900);
  CHECK(lines[0].ends_with("=123456.75"));
}

TEST_CASE("perfdata is thinned out to the labels asked for, in its own order") {
  const std::string text = render(good_report(), {.perfdata_labels = {"messages", "auth", "nonsense"}});
  CHECK(text.substr(text.find('|')) == "| auth=0.020000s messages=12;;;0\n");
  CHECK(render(good_report(), {.perfdata_labels = {"nonsense"}}).find('|') == std::string::npos);
}

TEST_CASE("a step that was not measured is absent from perfdata and table") {
  Report report;
  report.service = "IMAP";
  report.steps = {seconds("dns", 0.5), seconds("connect", std::numeric_limits<double>::quiet_NaN())};
  CHECK(plain(report, 1) ==
        "IMAP OK | dns=0.500000s\n"
        "steps:\n"
        "  dns    500.0 ms  100 %  ########################################\n");
}

TEST_CASE("long output keeps to 80 columns, with labels and words of any length") {
  Report report = good_report();
  report.steps = {seconds("smtp_a_very_long_step_name", 1000.5), seconds("total", 123456)};
  report.unfinished_step = GENERATE(as<std::string>{}, "", "smtp_auth");
  report.findings.push_back(
      {.name = "permanent", .status = Status::critical, .text = "na\xc3\xafve " + std::string(30, 'y')});
  for (int i = 0; i < 40; ++i) report.findings.back().text += " w\xc3\xb6rd" + std::to_string(i);
  report.facts.push_back({"many", std::vector<std::string>(60, "capability")});
  const auto lines = lines_of(plain(report, 3));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CAPTURE(lines[i]);
    CHECK(columns(lines[i]) < 80);
    CHECK_FALSE(lines[i].ends_with(' '));
  }
  CHECK(lines.size() > 20);
}
