// DnsServer: a name server on a loopback port for tests, over UDP and TCP, in a thread of its own.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "dns/address.h"
#include "dns_message.h"

namespace mailcheck::test {

struct DnsRequest {
  std::string id;
  std::string name;  // lower case is not forced
  unsigned type = 0;
  bool is_tcp = false;
  bool wants_security = false;  // the AD bit of the question
};

class DnsServer {
 public:
  // Bytes to answer with; an empty string is silence.
  using Handler = std::function<std::string(const DnsRequest&)>;

  explicit DnsServer(Handler handler, const std::string& address = "127.0.0.1")
      : address_(dns::Address::parse(address).value()), handler_(std::move(handler)) {
    bind_both();
    if (tcp_ >= 0) ::listen(tcp_, 5);
    thread_ = std::thread([this] { serve(); });
  }
  ~DnsServer() {
    is_over_ = true;
    thread_.join();
    ::close(udp_);
    if (tcp_ >= 0) ::close(tcp_);
  }
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  [[nodiscard]] const dns::Address& address() const { return address_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] bool has_udp() const { return udp_ >= 0; }
  [[nodiscard]] bool has_tcp() const { return tcp_ >= 0; }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  // The port that UDP gets may be taken for TCP.
  void bind_both() {
    for (int tries = 0; tries < 100; ++tries) {
      udp_ = bound(SOCK_DGRAM, 0);
      if (udp_ >= 0) tcp_ = bound(SOCK_STREAM, port_);
      if (udp_ < 0 || tcp_ >= 0) return;
      ::close(udp_);
    }
    udp_ = -1;
  }

  int bound(int type, std::uint16_t port) {
    const int socket = ::socket(address_.is_ipv6() ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
    const int yes = 1;
    if (type == SOCK_STREAM) ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    auto own = address_.with_port(port);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&own.storage), own.size) != 0) {
      ::close(socket);
      return -1;
    }
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&own.storage), &own.size);
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&own.storage)->sin_port);  // at the same place for IPv6
    return socket;
  }

  void serve() {
    while (!is_over_) {
      std::array<pollfd, 2> sockets{{{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}}};
      if (::poll(sockets.data(), sockets.size(), 5) <= 0) continue;
      if (sockets[0].revents != 0) serve_udp();
      if (sockets[1].revents != 0) serve_tcp();
    }
  }

  void serve_udp() {
    std::array<char, 2048> buffer{};
    sockaddr_storage peer{};
    socklen_t peer_size = sizeof peer;
    const auto size = ::recvfrom(udp_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&peer), &peer_size);
    if (size < 12) return;
    const std::string reply = answer({buffer.data(), static_cast<std::size_t>(size)}, false);
    if (reply.empty()) return;
    ::sendto(udp_, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&peer), peer_size);
  }

  void serve_tcp() {
    const int connection = ::accept(tcp_, nullptr, nullptr);
    std::array<char, 2048> buffer{};
    std::size_t size = 0;
    while (size < 14) {  // length and header; the test's questions come in one piece
      const auto got = ::recv(connection, buffer.data() + size, buffer.size() - size, 0);
      if (got <= 0) break;
      size += static_cast<std::size_t>(got);
    }
    if (size > 14) {
      const std::string reply = answer({buffer.data() + 2, size - 2}, true);
      const std::string framed = two_bytes(static_cast<unsigned>(reply.size())) + reply;
      ::send(connection, framed.data(), framed.size(), MSG_NOSIGNAL);
    }
    ::close(connection);
  }

  std::string answer(std::string_view query, bool is_tcp) {
    ++requests_;
    DnsRequest request{.id = std::string(query.substr(0, 2)), .name = {}, .type = 0, .is_tcp = is_tcp};
    request.wants_security = (query.at(3) & 0x20) != 0;
    std::size_t at = 12;
    while (at < query.size() && query[at] != '\0') {
      const auto length = static_cast<std::size_t>(query[at]);
      if (!request.name.empty()) request.name += '.';
      request.name += query.substr(at + 1, length);
      at += length + 1;
    }
    request.type = static_cast<unsigned>(static_cast<unsigned char>(query.at(at + 1))) << 8 |
                   static_cast<unsigned char>(query.at(at + 2));
    return handler_(request);
  }

  dns::Address address_;
  Handler handler_;
  std::uint16_t port_ = 0;
  int udp_ = -1;
  int tcp_ = -1;
  std::atomic<bool> is_over_{false};
  std::atomic<int> requests_{0};
  std::thread thread_;
};

}  // namespace mailcheck::test
