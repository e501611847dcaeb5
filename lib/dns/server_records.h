// ServerRecords: asks one named DNS server, or those of resolv.conf, for records of any type.
//
// Over UDP and (truncated answers) TCP, recursion desired. Neither nsswitch nor /etc/hosts nor the search list is
// looked at. An answer with more than 64 records counts as failed; more than 64 KiB no answer can have.
#pragma once

#include <optional>
#include <vector>

#include "dns/record_source.h"
#include "dns/resolver_state.h"

namespace mailcheck::dns {

class ServerRecords : public RecordSource {
 public:
  ServerRecords() = default;  // the servers of resolv.conf
  explicit ServerRecords(NameServer server) : server_(server) {}

  [[nodiscard]] RecordSet records(const std::string& name, RecordType type, base::Deadline deadline) override;
  [[nodiscard]] bool is_on_loopback() const override;
  [[nodiscard]] std::string name() const override;

 private:
  std::optional<NameServer> server_;
};

// At least one, and all of them loopback addresses.
[[nodiscard]] bool are_on_loopback(const std::vector<NameServer>& servers);

}  // namespace mailcheck::dns
