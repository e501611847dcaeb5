#include "plugin/render_json.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/number.h"
#include "base/printable.h"
#include "plugin/long_output.h"

namespace mailcheck::plugin {
namespace {

using Json = nlohmann::ordered_json;

std::string clean(std::string_view text) {
  return base::printable(text, kTextLimit);
}

// The number that perfdata prints; whole ones without ".0", since Zabbix stores them in unsigned items.
Json number(double value) {
  constexpr double kWholeAtMost = 9007199254740992.0;  // 2^53
  if (!std::isfinite(value)) return nullptr;
  const double rounded = base::parse_decimal(base::print_decimal(value)).value_or(value);
  if (rounded == std::floor(rounded) && std::abs(rounded) <= kWholeAtMost) return static_cast<std::int64_t>(rounded);
  return rounded;
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json range(const std::optional<Range>& value) {
  return value ? Json(value->print_perfdata()) : Json(nullptr);
}

Json steps(const std::vector<Metric>& metrics) {
  Json object = Json::object();
  for (const Metric& step : metrics) {
    if (std::isfinite(step.value)) object[clean(step.label)] = number(step.value);
  }
  return object;
}

Json metric(const Metric& metric) {
  Json object = Json::object();
  object["label"] = clean(metric.label);
  object["value"] = number(metric.value);
  object["unit"] = symbol(metric.unit);
  object["warn"] = range(metric.limits.warning);
  object["crit"] = range(metric.limits.critical);
  object["min"] = number(metric.minimum);
  object["max"] = number(metric.maximum);
  return object;
}

Json metrics(const std::vector<Metric>& list) {
  Json array = Json::array();
  for (const Metric& one : list) {
    if (std::isfinite(one.value)) array.push_back(metric(one));
  }
  return array;
}

Json findings(const std::vector<Finding>& list) {
  Json array = Json::array();
  for (const Finding& finding : list) {
    Json object = Json::object();
    object["name"] = clean(finding.name);
    object["state"] = to_string(finding.status);
    object["text"] = clean(finding.text);
    object["hint"] = clean(finding.hint);
    array.push_back(std::move(object));
  }
  return array;
}

Json server(const ServerReply& reply) {
  Json object = Json::object();
  object["code"] = clean(reply.code);
  object["enhanced"] = clean(reply.enhanced);
  object["text"] = clean(reply.text);
  return object;
}

Json fact(bool value) {
  return value;
}
Json fact(double value) {
  return number(value);
}
Json fact(const std::string& value) {
  return clean(value);
}
Json fact(const std::vector<std::string>& values) {
  Json array = Json::array();
  for (const std::string& value : values) array.push_back(clean(value));
  return array;
}

Json facts(const std::vector<Fact>& list) {
  Json object = Json::object();
  for (const Fact& one : list) {
    object[clean(one.name)] = std::visit([](const auto& held) { return fact(held); }, one.value);
  }
  return object;
}

}  // namespace

std::string render_json(const Report& report, std::string_view summary, int verbosity) {
  const Status state = status(report);
  Json object = Json::object();
  object["schema"] = 1;
  object["service"] = clean(report.service);
  object["state"] = to_string(state);
  object["code"] = exit_code(state);
  object["summary"] = summary;
  object["host"] = clean(report.host);
  object["address"] = clean(report.address);
  object["port"] = report.port;
  object["steps"] = steps(report.steps);
  object["metrics"] = metrics(report.metrics);
  object["findings"] = findings(report.findings);
  object["server"] = server(report.server);
  object["facts"] = facts(report.facts);
  if (!report.targets.empty()) object["facts"]["targets"] = fact(report.targets);
  if (verbosity >= 3) object["dialogue"] = shorten(report.dialogue);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace mailcheck::plugin
