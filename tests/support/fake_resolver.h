// FakeResolver: a resolver that answers from a table, and may let time pass while it does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dns/resolver.h"
#include "support/fake_clock.h"

namespace mailcheck::test {

class FakeResolver : public dns::Resolver {
 public:
  FakeResolver() = default;
  // Every answer takes `delay` of that clock; one that ends past the deadline is a timeout at the deadline.
  FakeResolver(FakeClock& clock, base::Duration delay) : clock_(&clock), delay_(delay) {}

  // Numeric addresses, in the order of the answer. A host that was never added does not exist.
  void add(const std::string& host, const std::vector<std::string>& addresses) {
    for (const std::string& text : addresses) table_[host].push_back(dns::Address::parse(text).value());
  }
  void fail(const std::string& host, base::Error error) { errors_.insert_or_assign(host, std::move(error)); }

  [[nodiscard]] base::Result<std::vector<dns::Address>> addresses(const std::string& host, dns::Family family,
                                                                  base::Deadline deadline) override {
    asked_.push_back(host);
    if (!has_time(deadline)) return failed(base::ErrorKind::timeout, "the resolver did not answer in time");
    if (const auto error = errors_.find(host); error != errors_.end()) return base::fail(error->second);
    const auto row = table_.find(host);
    if (row == table_.end()) return failed(base::ErrorKind::dns, "host name " + host + " does not exist");
    std::vector<dns::Address> found;
    for (const dns::Address& address : row->second) {
      const dns::Family own = address.is_ipv6() ? dns::Family::ipv6 : dns::Family::ipv4;
      if (family == dns::Family::any || family == own) found.push_back(address);
    }
    if (found.empty()) return failed(base::ErrorKind::dns, "host name " + host + " has no such address");
    return found;
  }

  // The hosts asked for, in order.
  [[nodiscard]] const std::vector<std::string>& asked() const { return asked_; }

 private:
  [[nodiscard]] bool has_time(const base::Deadline& deadline) {
    if (clock_ == nullptr) return !deadline.has_expired();
    const bool is_enough = delay_ < deadline.remaining();
    clock_->advance(is_enough ? delay_ : deadline.remaining());
    return is_enough;
  }
  static tl::unexpected<base::Error> failed(base::ErrorKind kind, std::string detail) {
    return base::fail({.stage = base::Stage::dns, .kind = kind, .detail = std::move(detail)});
  }

  FakeClock* clock_ = nullptr;
  base::Duration delay_{};
  std::map<std::string, std::vector<dns::Address>> table_;
  std::map<std::string, base::Error> errors_;
  std::vector<std::string> asked_;
};

}  // namespace mailcheck::test
