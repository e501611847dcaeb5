#include "plugins/check_mail_tls/judge_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plugins/shared/session_report.h"

namespace mailcheck::plugins::mail_tls {
namespace {

using plugin::Status;
using policy::MailExchangers;
using policy::MtaStsFacts;
using policy::TlsaAnswer;
using probe::TlsLook;
using probe::TlsSurveyFacts;
using probe::TlsTarget;
using Result = tls::DaneRecordFacts::Result;

constexpr std::uint64_t kShortestAge = 86400;  // RFC 8461 section 3.2: "weeks or greater" is what it asks for

bool is_dane_asked(const TlsTarget& target, const Limits& limits) {
  return limits.dane != DaneNeed::off && target.tlsa.has_value();
}

const tls::DaneFacts* dane_of(const TlsLook& look) {
  const bool has_any = has_session(look) && look.session.tls->survey->dane;
  return has_any ? &*look.session.tls->survey->dane : nullptr;
}

std::size_t count(const tls::DaneFacts& dane, Result result) {
  return static_cast<std::size_t>(std::count_if(dane.records.begin(), dane.records.end(),
                                                [&](const auto& record) { return record.result == result; }));
}

std::string details(const tls::DaneFacts& dane, Result result) {
  std::vector<std::string> texts;
  for (const auto& record : dane.records) {
    if (record.result == result) texts.push_back(record.detail);
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

// With --dane=if-present what is not there is well; what is broken never is.
void add_dane_finding(plugin::Report& report, const Limits& limits, std::string_view name, const std::string& where,
                      const std::string& detail) {
  add_finding(report, limits, name, where, detail);
  const bool may_be_missing = limits.dane == DaneNeed::if_present && (name == "dane-absent" || name == "dane-insecure");
  if (may_be_missing && !limits.findings.is_settled(name)) report.findings.back().status = Status::ok;
}

std::string_view name_of(TlsaAnswer::Status status) {
  switch (status) {
    case TlsaAnswer::Status::absent: return "dane-absent";
    case TlsaAnswer::Status::insecure: return "dane-insecure";
    case TlsaAnswer::Status::bogus: return "dane-bogus";
    case TlsaAnswer::Status::silent: return "dane-unanswered";
    case TlsaAnswer::Status::found: break;
  }
  return "";
}

// A sender that heeds DANE looks for MX records first: unsigned, they end the matter (RFC 7672 section 2.2.1).
void judge_exchangers(plugin::Report& report, const TlsSurveyFacts& facts, const Limits& limits) {
  if (!facts.exchangers) return;
  const MailExchangers& mx = *facts.exchangers;
  const auto add = [&](std::string_view name, const std::string& detail) {
    add_finding(report, limits, name, mx.domain, detail);
  };
  using Kind = MailExchangers::Status;
  if (mx.status == Kind::null_mx) add("mx-null", mx.detail);
  const bool has_dane = limits.dane != DaneNeed::off;
  if (mx.status == Kind::absent) add("dns", mx.detail);
  if (mx.status == Kind::bogus) add(has_dane ? "dane-bogus" : "dns", mx.detail);
  if (mx.status == Kind::silent) add(has_dane ? "dane-unanswered" : "timeout", mx.detail);
  if (mx.status == Kind::unreachable) add(has_dane ? "dane-unanswered" : "dns", mx.detail);
  if (mx.status == Kind::found && mx.hosts.empty()) add("dns", "no MX record names a host");
  for (const std::string& malformed : mx.malformed) add("mx-invalid", malformed);
  const bool is_there = mx.status == Kind::found || mx.status == Kind::implicit_mx;
  if (has_dane && is_there && !mx.is_secure) {
    add_dane_finding(report, limits, "dane-insecure", mx.domain, "the MX records are not signed");
  }
}

void judge_policy(plugin::Report& report, const MtaStsFacts& policy, const Limits& limits) {
  const auto add = [&](std::string_view name, const std::string& detail) {
    add_finding(report, limits, name, policy.domain, detail);
  };
  using Kind = MtaStsFacts::Status;
  switch (policy.status) {
    case Kind::no_record: return add("mta-sts-absent", policy.detail);
    case Kind::bad_record:
    case Kind::bad_policy: return add("mta-sts-invalid", policy.detail);
    case Kind::unreachable: return add("mta-sts-unreachable", policy.detail);
    case Kind::lookup_failed: return add("mta-sts-unanswered", policy.detail);
    case Kind::not_fetched: return add("local", policy.detail);
    case Kind::valid: break;
  }
  if (policy.mode == "none" || policy.max_age == 0) {
    return add("mta-sts-none",
               policy.mode == "none" ? "the policy protects nothing" : "max_age is 0: the policy is forgotten at once");
  }
  if (policy.mode == "testing") add("mta-sts-testing", "the policy is not enforced");
  for (const std::string& remark : policy.remarks) add("deviation", remark);
  if (policy.max_age < kShortestAge) {
    add("mta-sts-short-lived", fmt::format("max_age is {} s, less than a day", policy.max_age));
  }
}

void judge_policy_hosts(plugin::Report& report, const TlsSurveyFacts& facts, const Limits& limits) {
  const MtaStsFacts& policy = *facts.mta_sts;
  if (policy.status != MtaStsFacts::Status::valid || policy.mode == "none") return;
  for (const TlsTarget& target : facts.targets) {
    if (target.is_in_mta_sts_policy) continue;
    const bool is_enforced = policy.mode == "enforce";
    add_finding(report, limits, "mta-sts-mismatch", target.host,
                fmt::format("the policy of {} names {}{}", policy.domain, fmt::join(policy.mx, ", "),
                            is_enforced ? "" : ", and is not enforced yet"));
    const bool may_wait = !is_enforced && !limits.findings.is_settled("mta-sts-mismatch");
    if (may_wait) report.findings.back().status = Status::warning;  // senders deliver all the same
  }
}

std::string in_words(const policy::Caa& caa) {
  if (caa.status != policy::Caa::Status::found) return caa.detail;
  std::vector<std::string> texts;
  for (const auto& record : caa.records) texts.push_back(fmt::format("{} \"{}\"", record.tag, record.value));
  return fmt::format("{} has {}", caa.name, fmt::join(texts, ", "));
}

std::string in_words(const policy::TlsRpt& report) {
  if (report.status != policy::TlsRpt::Status::valid) return report.detail;
  return fmt::format("reports go to {}", fmt::join(report.rua, ", "));
}

std::string in_words(const tls::DaneRecordFacts& record) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : record.tlsa.data) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 0x0fU];
  }
  return fmt::format("{} {} {} {}: {}", record.tlsa.usage, record.tlsa.selector, record.tlsa.matching, hex,
                     record.detail);
}

void add_policy_facts(plugin::Report& report, const MtaStsFacts& policy) {
  add_fact(report, "mta_sts_id", policy.id);
  add_fact(report, "mta_sts_mode", policy.mode);
  if (policy.max_age > 0) report.facts.push_back({"mta_sts_max_age", static_cast<double>(policy.max_age)});
  if (!policy.mx.empty()) report.facts.push_back({"mta_sts_mx", policy.mx});
  if (!policy.remarks.empty()) report.facts.push_back({"mta_sts_remarks", policy.remarks});
}

}  // namespace

ChainRule chain_rule(const TlsSurveyFacts& facts, const TlsTarget& target, const TlsLook& look, const Limits& limits) {
  const tls::DaneFacts* dane = is_dane_asked(target, limits) ? dane_of(look) : nullptr;
  // TLSA records behind unsigned MX records vouch for nobody: the host itself may be forged.
  const bool is_reached_securely = !facts.exchangers || facts.exchangers->is_secure;
  const bool is_vouched_for = dane != nullptr && dane->is_authenticated && is_reached_securely;
  const bool is_enforced = facts.mta_sts && facts.mta_sts->status == MtaStsFacts::Status::valid &&
                           facts.mta_sts->mode == "enforce" && target.is_in_mta_sts_policy;
  return is_vouched_for && !is_enforced ? ChainRule::dane_vouches : ChainRule::pkix;
}

void judge_tlsa(plugin::Report& report, const TlsTarget& target, const std::string& where, const Limits& limits) {
  if (!is_dane_asked(target, limits)) return;
  const TlsaAnswer& answer = *target.tlsa;
  if (answer.status != TlsaAnswer::Status::found) {
    return add_dane_finding(report, limits, name_of(answer.status), where, answer.detail);
  }
  for (const std::string& malformed : answer.malformed) add_finding(report, limits, "deviation", where, malformed);
  if (answer.records.empty()) add_finding(report, limits, "dane-unusable", where, "no TLSA record can be read");
}

void judge_dane(plugin::Report& report, const TlsTarget& target, const JudgedLook& judged, const Limits& limits) {
  const tls::DaneFacts* dane = is_dane_asked(target, limits) ? dane_of(judged.look) : nullptr;
  if (dane == nullptr) return;
  const std::size_t missed = count(*dane, Result::not_matched);
  const auto add = [&](std::string_view name, const std::string& detail) {
    add_finding(report, limits, name, judged.where, detail);
  };
  if (dane->is_authenticated && missed > 0) {
    return add("dane-rollover", fmt::format("{} of {} TLSA records do not match: {}", missed, dane->records.size(),
                                            details(*dane, Result::not_matched)));
  }
  if (dane->is_authenticated) return;
  if (missed == 0 && count(*dane, Result::matched) == 0) return add("dane-unusable", details(*dane, Result::unusable));
  const std::string matching = judged.look.session.tls->survey->matching_tlsa;
  add("dane-mismatch", fmt::format("{} ({}); {} would match", dane->detail, target.tlsa->owner, matching));
}

void judge_domain(plugin::Report& report, const TlsSurveyFacts& facts, const Limits& limits) {
  judge_exchangers(report, facts, limits);
  if (facts.mta_sts) {
    judge_policy(report, *facts.mta_sts, limits);
    judge_policy_hosts(report, facts, limits);
  }
  const bool is_trusted_far_away = std::any_of(facts.targets.begin(), facts.targets.end(), [&](const auto& target) {
    const bool is_believed = is_dane_asked(target, limits) && (target.tlsa->status == TlsaAnswer::Status::found ||
                                                               target.tlsa->status == TlsaAnswer::Status::absent);
    return is_believed;
  });
  if (is_trusted_far_away && !facts.is_resolver_local) {
    add_finding(report, limits, "dane-remote-resolver", facts.resolver, "its word on DNSSEC came over the network");
  }
  if (facts.tls_rpt) {
    const std::string& domain = facts.exchangers ? facts.exchangers->domain : facts.mta_sts->domain;
    add_finding(report, limits, "tls-rpt", domain, in_words(*facts.tls_rpt));
  }
  for (const TlsTarget& target : facts.targets) {
    if (target.caa) add_finding(report, limits, "caa", target.host, in_words(*target.caa));
  }
}

void add_tlsa_facts(plugin::Report& report, const TlsTarget& target, const TlsLook& look) {
  if (has_session(look)) add_fact(report, "matching_tlsa", look.session.tls->survey->matching_tlsa);
  if (!target.tlsa) return;
  add_fact(report, "tlsa_owner", target.tlsa->owner);
  const tls::DaneFacts* dane = dane_of(look);
  std::vector<std::string> lines;
  if (dane != nullptr) {
    for (const auto& record : dane->records) lines.push_back(in_words(record));
  }
  if (!lines.empty()) report.facts.push_back({"tlsa", std::move(lines)});
}

void add_name_facts(plugin::Report& report, const TlsSurveyFacts& facts) {
  if (facts.mta_sts) add_policy_facts(report, *facts.mta_sts);
  if (facts.exchangers) {
    std::vector<std::string> hosts;
    for (const auto& host : facts.exchangers->hosts) hosts.push_back(host.host);
    if (!hosts.empty()) report.facts.push_back({"mx", std::move(hosts)});
  }
}

}  // namespace mailcheck::plugins::mail_tls
