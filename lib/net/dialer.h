// Dialer: addresses -> one connected stream. An interface: tests hand out streams from memory.
//
// Several addresses are tried in order; each gets at most the remaining time divided by the addresses left, and the
// next starts 250 ms after the last one that has not answered (RFC 8305 section 5); the first to connect wins, the
// others are closed. A failed address before the winner is reported, not hidden.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/error.h"
#include "dns/address.h"
#include "net/proxy_header.h"
#include "net/stream.h"

namespace mailcheck::net {

struct FailedAddress {
  dns::Address address;
  std::string reason;  // "connection refused", "no answer within 250 ms", ...
};

struct Connection {
  std::unique_ptr<Stream> stream;
  dns::Address address;
  std::optional<Endpoint> local;      // this side's
  base::Duration connect_time;        // of the winning address alone, from its own connect() on
  std::vector<FailedAddress> failed;  // those before it that refused or did not answer
};

class Dialer {
 public:
  virtual ~Dialer() = default;
  // Errors: stage connect; kind connect (all refused or unreachable: detail lists them) or timeout.
  [[nodiscard]] virtual base::Result<Connection> dial(const std::vector<dns::Address>& addresses, std::uint16_t port,
                                                      base::Deadline deadline) = 0;
  // A Unix socket. Errors: as above.
  [[nodiscard]] virtual base::Result<std::unique_ptr<Stream>> dial_unix_socket(const std::string& path,
                                                                               base::Deadline deadline) = 0;
};

}  // namespace mailcheck::net
