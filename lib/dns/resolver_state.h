// ResolverState: the state of the platform's resolver library, for one question after the other in one thread.
//
// With the servers of resolv.conf (and its options), or with one named server (and none of its options, which were
// written for other servers). In both cases the AD bit is asked for and kept (RES_TRUSTAD, glibc 2.31): whether the
// server may be believed is for others to say. An IPv6 server that is named needs the layout of glibc's state;
// elsewhere it cannot be asked.
#pragma once

#include <arpa/nameser.h>
#include <resolv.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "dns/address.h"

namespace mailcheck::dns {

struct NameServer {
  Address address;
  std::uint16_t port = 53;
};

class ResolverState {
 public:
  // Reads resolv.conf.
  ResolverState();
  ~ResolverState();
  ResolverState(const ResolverState&) = delete;
  ResolverState& operator=(const ResolverState&) = delete;

  // Patience is for one try at one server; there are two. False: not on this system.
  [[nodiscard]] bool use_system(std::chrono::seconds patience);
  [[nodiscard]] bool use_server(const NameServer& server, std::chrono::seconds patience);
  // Whoever would be asked, in this order.
  [[nodiscard]] std::vector<NameServer> servers() const;

  [[nodiscard]] res_state get() { return &state_; }

 private:
  [[nodiscard]] bool set_ipv4(const NameServer& server);
  [[nodiscard]] bool set_ipv6(const NameServer& server);

  struct __res_state state_ {};
  bool is_ready_;
};

}  // namespace mailcheck::dns
