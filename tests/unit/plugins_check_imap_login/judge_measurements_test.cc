#include <algorithm>

#include "unit/plugins_check_imap_login/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using plugin::Status;
using plugins::imap_login::judge;
using Texts = std::vector<std::string>;

namespace {

// The perfdata of the metric of that label, or "".
std::string metric(const plugin::Report& report, std::string_view label) {
  for (const auto& entry : report.metrics) {
    if (entry.label == label) return plugin::print(entry);
  }
  return "";
}

}  // namespace

TEST_CASE("what was counted is a metric, zero included; what was not is absent") {
  auto facts = good_facts();
  facts.mailbox->messages = 0;
  facts.unseen = 0;
  facts.hits = 3;
  facts.newest_age = 60s;
  facts.oldest_age = 24h;
  const auto report = judge(facts, limits());
  CHECK(metric(report, "messages") == "messages=0;;;0");
  CHECK(metric(report, "unseen") == "unseen=0;;;0");
  CHECK(metric(report, "hits") == "hits=3;;;0");
  CHECK(metric(report, "newest_age") == "newest_age=60.000000s;;;0");
  CHECK(metric(report, "oldest_age") == "oldest_age=86400.000000s;;;0");
  CHECK(metric(judge(good_facts(), limits()), "unseen").empty());
}

TEST_CASE("metrics stand in the documented order") {
  auto facts = good_facts();
  facts.unseen = facts.hits = 1;
  facts.newest_age = facts.oldest_age = 1s;
  facts.quota = {{"a", "MESSAGE", 1, 2}, {"a", "STORAGE", 1, 2}};
  const auto report = judge(facts, limits());
  Texts all;
  for (const auto& entry : report.metrics) all.push_back(entry.label);
  CHECK(all == Texts{"cert_days", "chain_days", "messages", "unseen", "hits", "newest_age", "oldest_age",
                     "quota_storage", "quota_storage_bytes", "quota_messages", "quota_messages_used"});
  Texts measured(plugins::imap_login::measured_labels().begin(), plugins::imap_login::measured_labels().end());
  CHECK(all == measured);
}

TEST_CASE("labels are unique in their first 19 characters") {
  std::vector<std::string_view> labels = plugins::imap_login::measured_labels();
  for (auto& label : labels) label = label.substr(0, 19);
  std::sort(labels.begin(), labels.end());
  CHECK(std::adjacent_find(labels.begin(), labels.end()) == labels.end());
}

TEST_CASE("quota is a share of the limit and the amount, storage in bytes") {
  auto facts = good_facts();
  facts.quota = {
      {"User quota", "STORAGE", 512, 1024}, {"User quota", "MESSAGE", 3, 12}, {"User quota", "X-FILES", 1, 2}};
  const auto report = judge(facts, limits());
  CHECK(metric(report, "quota_storage") == "quota_storage=50%");
  CHECK(metric(report, "quota_storage_bytes") == "quota_storage_bytes=524288B;;;0;1048576");
  CHECK(metric(report, "quota_messages") == "quota_messages=25%");
  CHECK(metric(report, "quota_messages_used") == "quota_messages_used=3;;;0;12");
}

TEST_CASE("of several quota roots the fullest counts, one without a limit never") {
  auto facts = good_facts();
  facts.quota = {{"user", "STORAGE", 10, 100},
                 {"domain", "STORAGE", 180, 200},
                 {"none", "STORAGE", 5000, 0},
                 {"big", "STORAGE", 1000, 9000}};
  const auto report = judge(facts, limits());
  CHECK(metric(report, "quota_storage") == "quota_storage=90%");
  CHECK(metric(report, "quota_storage_bytes") == "quota_storage_bytes=184320B;;;0;204800");
  facts.quota = {{"none", "STORAGE", 5000, 0}};
  CHECK(metric(judge(facts, limits()), "quota_storage").empty());
}

TEST_CASE("a quota that is exceeded is more than 100 percent") {
  auto facts = good_facts();
  facts.quota = {{"user", "STORAGE", 150, 100}};
  auto allowed = limits();
  allowed.thresholds.set_critical("quota_storage", range("90"));
  const auto report = judge(facts, allowed);
  CHECK(metric(report, "quota_storage") == "quota_storage=150%;;90");
  CHECK(plugin::status(report) == Status::critical);
}

TEST_CASE("a quota that cannot be read is told once, with thresholds or without") {
  auto facts = good_facts();
  facts.quota_error = base::Error{Stage::quota, ErrorKind::quota_unavailable, "the server has no QUOTA"};
  auto allowed = limits();
  CHECK(names(judge(facts, allowed)) == Texts{"quota-unavailable"});
  CHECK(plugin::status(judge(facts, allowed)) == Status::unknown);
  allowed.thresholds.set_critical("quota_storage", range("90"));
  allowed.thresholds.set_critical("quota_messages", range("90"));
  CHECK(names(judge(facts, allowed)) == Texts{"quota-unavailable"});
}

TEST_CASE("a resource without a limit has no share to be judged") {
  auto facts = good_facts();
  facts.quota = {{"user", "STORAGE", 150, 100}};
  auto allowed = limits();
  allowed.thresholds.set_critical("quota_messages", range("90"));
  CHECK(names(judge(facts, allowed)) == Texts{"not-measured"});
}
