// TcpDialer: the Dialer of the real world (Unix sockets too: unix_socket.h). Order, stagger and shares of time as in
// net/dialer.h; the sockets are non-blocking, close-on-exec and without Nagle's delay.
//
// Errors: connect: "192.0.2.1 port 993: connection refused; 2001:db8::1 port 993: no route to host", every address with
// its own reason. timeout, as soon as one address did not answer at all: "no answer from 192.0.2.1 port 993 within 8
// s", with the refusals of others and the count of those not tried, if any.
#pragma once

#include "net/dialer.h"

namespace mailcheck::net {

class TcpDialer : public Dialer {
 public:
  [[nodiscard]] base::Result<Connection> dial(const std::vector<dns::Address>& addresses, std::uint16_t port,
                                              base::Deadline deadline) override;
  [[nodiscard]] base::Result<std::unique_ptr<Stream>> dial_unix_socket(const std::string& path,
                                                                       base::Deadline deadline) override;
};

}  // namespace mailcheck::net
