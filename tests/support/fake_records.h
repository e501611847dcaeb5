// FakeRecords: a source of DNS records that answers from a table. Found answers are secure unless told otherwise.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dns/record_source.h"
#include "unit/dns/dns_message.h"

namespace mailcheck::test {

class FakeRecords : public dns::RecordSource {
 public:
  using Type = dns::RecordType;

  // The answer about one name and type, made on first use (found, secure, no data) and free to be changed.
  dns::RecordSet& at(const std::string& name, Type type) {
    const auto [row, is_new] = table_.try_emplace({name, type});
    if (is_new) row->second = {.outcome = dns::LookupOutcome::found, .is_secure = true, .canonical_name = name};
    return row->second;
  }
  dns::RecordSet& add(const std::string& name, Type type, std::string data) {
    at(name, type).data.push_back(std::move(data));
    return at(name, type);
  }
  dns::RecordSet& mx(const std::string& name, unsigned preference, std::string_view host) {
    return add(name, Type::mx, two_bytes(preference) + dns_name(host));
  }
  dns::RecordSet& txt(const std::string& name, std::string_view words) { return add(name, Type::txt, dns_text(words)); }
  dns::RecordSet& ipv4(const std::string& name, std::string_view four_bytes = "\x7f\x01\x01\x01") {
    return add(name, Type::a, std::string(four_bytes));
  }
  dns::RecordSet& caa(const std::string& name, std::string_view tag, std::string_view value) {
    return add(name, Type::caa, std::string(1, '\0') + dns_text(tag) + std::string(value));
  }
  // An answer without records: all but found.
  dns::RecordSet& without(const std::string& name, Type type, dns::LookupOutcome outcome) {
    dns::RecordSet& set = at(name, type);
    set.outcome = outcome;
    const bool is_denial = outcome == dns::LookupOutcome::no_record || outcome == dns::LookupOutcome::no_name;
    set.is_secure = is_denial;
    if (!is_denial) set.detail = "looking up " + name + ": the fake has trouble";
    return set;
  }
  // What never was added: NXDOMAIN, secure or not.
  void denies_insecurely() { is_denial_secure_ = false; }
  void set_on_loopback(bool is_on_loopback) { is_on_loopback_ = is_on_loopback; }

  [[nodiscard]] dns::RecordSet records(const std::string& name, Type type, base::Deadline deadline) override {
    asked_.push_back(name + " " + std::string(dns::to_string(type)));
    if (deadline.has_expired()) {
      return {.outcome = dns::LookupOutcome::silent, .canonical_name = name, .detail = "the fake did not answer"};
    }
    const auto row = table_.find({name, type});
    if (row != table_.end()) return row->second;
    return {.outcome = dns::LookupOutcome::no_name, .is_secure = is_denial_secure_, .canonical_name = name};
  }
  [[nodiscard]] bool is_on_loopback() const override { return is_on_loopback_; }
  [[nodiscard]] std::string name() const override { return "the fake"; }

  // "mail.example.test TLSA", in order.
  [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }

 private:
  std::map<std::pair<std::string, Type>, dns::RecordSet> table_;
  std::vector<std::string> asked_;
  bool is_denial_secure_ = true;
  bool is_on_loopback_ = true;
};

}  // namespace mailcheck::test
