#include <limits>
#include <nlohmann/json.hpp>

#include "example_report.h"
#include "plugin/render.h"
#include "support/catch2.h"

using namespace mailcheck::plugin;
using namespace mailcheck::test;
using Json = nlohmann::ordered_json;

namespace {

std::string json_text(const Report& report, int verbosity) {
  return render(report, {.format = Format::json, .verbosity = verbosity});
}

}  // namespace

TEST_CASE("the JSON object is one line with its keys in the documented order") {
  CHECK(json_text(good_report(), 0) ==
        R"({"schema":1,"service":"IMAP","state":"OK","code":0,)"
        R"("summary":"mail.example.test: logged in as probe (PLAIN), INBOX has 12 messages, 0.084 s",)"
        R"("host":"mail.example.test","address":"192.0.2.7","port":993,)"
        R"("steps":{"dns":0.001,"connect":0.002,"tls":0.04,"auth":0.02,"total":0.084},)"
        R"("metrics":[{"label":"messages","value":12,"unit":"","warn":null,"crit":null,"min":0,"max":null},)"
        R"({"label":"quota_storage","value":91.25,"unit":"%","warn":"95","crit":null,"min":null,"max":null}],)"
        R"("findings":[{"name":"address-failed","state":"OK","text":"2001:db8::7 refused the connection",)"
        R"("hint":"see whether the server listens on IPv6"}],)"
        R"("server":{"code":"OK","enhanced":"READ-ONLY","text":"Examine completed"},)"
        R"("facts":{"mechanism":"PLAIN","read_only":true,"uid_next":4711,)"
        R"("capabilities":["IMAP4rev1","SASL-IR","IDLE"]}})"
        "\n");
}

TEST_CASE("several hosts are a fact, a clause each, and one host is none") {
  Report report = good_report();
  CHECK_FALSE(Json::parse(json_text(report, 0))["facts"].contains("targets"));
  report.targets = {"[OK] mx1.example.test", std::string(kHostile)};
  CHECK(Json::parse(json_text(report, 0))["facts"]["targets"] ==
        Json({"[OK] mx1.example.test", std::string(kHostileCleaned)}));
}

TEST_CASE("state and code follow the worst finding, the summary is the headline") {
  Report report = good_report();
  report.findings.push_back({.name = "threshold", .status = Status::warning, .text = "total is 9 s"});
  const Json object = Json::parse(json_text(report, 0));
  CHECK(object["state"] == "WARNING");
  CHECK(object["code"] == 1);
  CHECK(object["summary"] == "total is 9 s; " + report.summary);
}

TEST_CASE("the dialogue is in the object from -vvv only") {
  CHECK_FALSE(Json::parse(json_text(good_report(), 2)).contains("dialogue"));
  const Json object = Json::parse(json_text(good_report(), 3));
  CHECK(object["dialogue"] == Json::array({"S: * OK ready", "C: a1 LOGIN probe ***", "S: a1 OK done"}));
}

TEST_CASE("an empty report is an object of the same shape") {
  const Json empty = Json::parse(json_text(Report{}, 0));
  const Json full = Json::parse(json_text(good_report(), 0));
  REQUIRE(empty.size() == full.size());
  for (const auto& [key, value] : full.items()) {
    CAPTURE(key);
    REQUIRE(empty.contains(key));
    CHECK(std::string(empty[key].type_name()) == value.type_name());
  }
}

TEST_CASE("words of a server leave the object valid, clean and on one line") {
  const std::string text = json_text(hostile_report(), 3);
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(text.find_first_of("<>|\x1b\xff") == std::string::npos);
  const Json object = Json::parse(text);
  const std::string words(kHostileCleaned);
  CHECK(object["host"] == words);
  CHECK(object["findings"][0]["hint"] == words);
  CHECK(object["server"]["text"] == words);
  CHECK(object["facts"][words] == words);
  CHECK(object["facts"]["list"][1] == words);
  CHECK(object["metrics"][0]["label"] == words);
  CHECK(object["dialogue"][0] == words);
}

TEST_CASE("numbers are those of the perfdata, and what was not measured is absent") {
  Report report;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  report.steps = {seconds("dns", 0.0012345678), seconds("connect", nan), seconds("total", 2)};
  report.metrics = {
      {.label = "gone", .value = nan}, {.label = "huge", .value = 1e300}, {.label = "half", .value = 0.5}};
  report.facts = {{"unknowable", nan}};
  const std::string text = json_text(report, 0);
  const Json object = Json::parse(text);
  CHECK(object["steps"].dump() == R"({"dns":0.001235,"total":2})");
  REQUIRE(object["metrics"].size() == 2);
  CHECK(object["metrics"][0]["value"] == 1e300);
  CHECK(object["metrics"][1]["value"] == 0.5);
  CHECK(object["facts"]["unknowable"].is_null());
}

TEST_CASE("limits in JSON read as ranges again") {
  Report report;
  report.metrics = {{.label = "days", .value = 3}};
  report.metrics[0].limits = {.warning = *Range::parse("21:"), .critical = *Range::parse("0:7")};
  const Json object = Json::parse(json_text(report, 0));
  CHECK(object["metrics"][0]["warn"] == "21:");
  CHECK(object["metrics"][0]["crit"] == "7");
}
