// Sockets on loopback addresses for tests: a server that listens, one that is deaf, a port that refuses.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "dns/address.h"

namespace mailcheck::test {

inline dns::Address address_of(const std::string& text) {
  return dns::Address::parse(text).value();
}

// A port of a loopback address, taken but refused to everybody until listen() is called.
class LoopbackPort {
 public:
  explicit LoopbackPort(const std::string& address = "127.0.0.1", std::uint16_t port = 0)
      : address_(address_of(address)),
        socket_(::socket(address_.is_ipv6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto own = address_.with_port(port);
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&own.storage), own.size) != 0) socket_.close();
    if (!socket_.is_open()) return;
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&own.storage), &own.size);
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&own.storage)->sin_port);  // at the same place for IPv6
  }

  LoopbackPort& listen() {
    ::listen(socket_.get(), 16);
    return *this;
  }
  // Takes connection requests, but the system drops them: the queue is short, full, and nobody accepts.
  LoopbackPort& be_deaf() {
    ::listen(socket_.get(), 0);
    for (int i = 0; i < 3; ++i) fillers_.push_back(connect(SOCK_NONBLOCK));
    return *this;
  }
  [[nodiscard]] base::FileDescriptor accept() const {
    return base::FileDescriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  // A client's socket, connected (or, if non-blocking, about to be).
  [[nodiscard]] base::FileDescriptor connect(int flags = 0) const {
    base::FileDescriptor client(
        ::socket(address_.is_ipv6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    const auto target = address_.with_port(port_);
    (void)::connect(client.get(), reinterpret_cast<const sockaddr*>(&target.storage), target.size);
    return client;
  }

  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  [[nodiscard]] const dns::Address& address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  dns::Address address_;
  base::FileDescriptor socket_;
  std::uint16_t port_ = 0;
  std::vector<base::FileDescriptor> fillers_;
};

}  // namespace mailcheck::test
