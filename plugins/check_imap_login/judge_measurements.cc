#include "plugins/check_imap_login/judge_measurements.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::imap_login {
namespace {

using plugin::Unit;
using probe::ImapLoginFacts;

void add_counts(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  const auto add = [&](std::string label, double value, Unit unit) {
    add_metric(report, {.label = std::move(label), .value = value, .unit = unit, .minimum = 0.0}, limits.thresholds);
  };
  if (facts.mailbox) add("messages", static_cast<double>(facts.mailbox->messages), Unit::none);
  if (facts.unseen) add("unseen", static_cast<double>(*facts.unseen), Unit::none);
  if (facts.hits) add("hits", static_cast<double>(*facts.hits), Unit::none);
  if (facts.newest_age) add("newest_age", static_cast<double>(facts.newest_age->count()), Unit::seconds);
  if (facts.oldest_age) add("oldest_age", static_cast<double>(facts.oldest_age->count()), Unit::seconds);
}

// Of several quota roots the one that is fullest; one without a limit is never full.
const imap::QuotaResource* fullest(const std::vector<imap::QuotaResource>& resources, std::string_view name) {
  const imap::QuotaResource* worst = nullptr;
  for (const auto& resource : resources) {
    if (resource.name != name || resource.limit == 0) continue;
    const auto share = [](const imap::QuotaResource& r) {
      return static_cast<double>(r.used) / static_cast<double>(r.limit);
    };
    if (worst == nullptr || share(resource) > share(*worst)) worst = &resource;
  }
  return worst;
}

void add_quota(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  struct Resource {
    std::string_view name;
    const char* share_label;
    const char* used_label;
    Unit unit;
    double scale;  // of the server's units
  };
  constexpr Resource kResources[] = {{"STORAGE", "quota_storage", "quota_storage_bytes", Unit::bytes, 1024},
                                     {"MESSAGE", "quota_messages", "quota_messages_used", Unit::none, 1}};
  for (const Resource& kind : kResources) {
    const auto* resource = fullest(facts.quota, kind.name);
    if (resource == nullptr) continue;
    const auto used = static_cast<double>(resource->used);
    const auto limit = static_cast<double>(resource->limit);
    add_metric(report, {.label = kind.share_label, .value = 100 * used / limit, .unit = Unit::percent},
               limits.thresholds);
    add_metric(report,
               {.label = kind.used_label,
                .value = used * kind.scale,
                .unit = kind.unit,
                .minimum = 0.0,
                .maximum = limit * kind.scale},
               limits.thresholds);
  }
}

std::string reason_for(const ImapLoginFacts& facts, std::string_view label) {
  const auto known = std::find_if(facts.not_measured.begin(), facts.not_measured.end(),
                                  [&](const auto& entry) { return entry.label == label; });
  if (known != facts.not_measured.end()) return known->reason;
  if (label == "cert_days" || label == "chain_days") return "there is no TLS in this session";
  return "the server does not tell it";
}

// Limits on numbers that are not there. A session that ended early has said why already.
void judge_absent(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  if (facts.error) return;
  if (facts.quota_error) {
    report.findings.push_back(limits.findings.make(facts.quota_error->kind, describe(*facts.quota_error, facts.total)));
  }
  for (const std::string_view label : measured_labels()) {
    const bool is_there = std::any_of(report.metrics.begin(), report.metrics.end(),
                                      [&](const auto& metric) { return metric.label == label; });
    const bool is_told = facts.quota_error && label.starts_with("quota_");
    if (is_there || is_told || !limits.thresholds.has(label)) continue;
    report.findings.push_back(limits.findings.make(
        "not-measured", fmt::format("not-measured, {} has a threshold, but {}", label, reason_for(facts, label))));
  }
}

}  // namespace

const std::vector<std::string_view>& measured_labels() {
  static const std::vector<std::string_view> labels = {"cert_days",
                                                       "chain_days",
                                                       "messages",
                                                       "unseen",
                                                       "hits",
                                                       "newest_age",
                                                       "oldest_age",
                                                       "quota_storage",
                                                       "quota_storage_bytes",
                                                       "quota_messages",
                                                       "quota_messages_used"};
  return labels;
}

void add_measurements(plugin::Report& report, const ImapLoginFacts& facts, const Limits& limits) {
  add_certificate(report, facts, limits.thresholds, limits.findings);
  add_counts(report, facts, limits);
  add_quota(report, facts, limits);
  judge_absent(report, facts, limits);
}

}  // namespace mailcheck::plugins::imap_login
