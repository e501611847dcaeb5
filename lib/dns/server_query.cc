#include "dns/server_query.h"

#include <arpa/nameser.h>
#include <fmt/format.h>
#include <resolv.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "dns/question.h"

namespace mailcheck::dns {
namespace {

constexpr int kTries = 2;
constexpr std::size_t kLargestQuestion = 512;
constexpr std::size_t kLargestMessage = 65535;

using Message = std::vector<unsigned char>;

// The library's state with one server in it.
class ResolverState {
 public:
  ResolverState() : is_ready_(res_ninit(&state_) == 0) {}
  ~ResolverState() {
    if (is_ready_) res_nclose(&state_);
  }
  ResolverState(const ResolverState&) = delete;
  ResolverState& operator=(const ResolverState&) = delete;

  [[nodiscard]] bool prepare(const ServerQuery& query) {
    if (!is_ready_) return false;
    state_.options = RES_INIT | RES_RECURSE;  // none of resolv.conf's options, which were written for another server
    state_.retrans = static_cast<int>(query.patience.count());
    state_.retry = kTries;
    return query.server.is_ipv6() ? set_ipv6(query) : set_ipv4(query);
  }
  res_state get() { return &state_; }

 private:
  bool set_ipv4(const ServerQuery& query) {
    const auto address = query.server.with_port(query.port);
    std::memcpy(&state_.nsaddr_list[0], &address.storage, sizeof state_.nsaddr_list[0]);
    state_.nscount = 1;
    return true;
  }

  // glibc reads IPv6 servers from a side table, which it leaves alone as long as both counts agree and the entry in the
  // main table has no family.
  bool set_ipv6([[maybe_unused]] const ServerQuery& query) {
#ifdef __GLIBC__
    const auto address = query.server.with_port(query.port);
    void* copy = std::malloc(sizeof(sockaddr_in6));  // res_nclose frees it
    if (copy == nullptr) return false;
    std::memcpy(copy, &address.storage, sizeof(sockaddr_in6));
    auto& table = state_._u._ext;
    std::free(table.nsaddrs[0]);
    table.nsaddrs[0] = static_cast<sockaddr_in6*>(copy);
    table.nssocks[0] = -1;
    table.nscount = 1;
    state_.nsaddr_list[0] = {};
    state_.nscount = 1;
    return true;
#else
    return false;
#endif
  }

  struct __res_state state_ {};
  bool is_ready_;
};

base::Error failed(const ServerQuery& query, std::string_view what) {
  return lookup_failed(fmt::format("looking up {}: {} {}", query.host, name_of_server(query.server, query.port), what));
}

base::Error unanswered(const ServerQuery& query, int system_error) {
  if (system_error == ECONNREFUSED) return failed(query, "is not reachable (connection refused)");
  base::Error error = failed(query, "did not answer");
  error.kind = base::ErrorKind::timeout;
  return error;
}

Answer read_reply(const ServerQuery& query, const Message& reply) {
  HEADER header;
  std::memcpy(&header, reply.data(), sizeof header);
  switch (header.rcode) {
    case ns_r_noerror: break;
    case ns_r_nxdomain: return base::fail(lookup_failed(fmt::format("host name {} does not exist", query.host)));
    case ns_r_servfail: return base::fail(failed(query, "failed (SERVFAIL)"));
    case ns_r_refused: return base::fail(failed(query, "refused to answer (REFUSED)"));
    default: return base::fail(failed(query, fmt::format("answered with error code {}", unsigned{header.rcode})));
  }
  auto addresses = addresses_in(reply, query.host, query.type);
  if (!addresses) return base::fail(failed(query, "sent a malformed answer"));
  return std::move(*addresses);
}

// The library reports SERVFAIL, REFUSED and silence alike, but leaves the reply in the buffer.
bool is_reply_to(const Message& question, const Message& reply) {
  HEADER header;
  std::memcpy(&header, reply.data(), sizeof header);
  return header.qr == 1 && question[0] == reply[0] && question[1] == reply[1];
}

}  // namespace

std::string name_of_server(const Address& server, std::uint16_t port) {
  return fmt::format("name server {} port {}", server.to_string(), port);
}

Answer ask(const ServerQuery& query) {
  ResolverState state;
  if (!state.prepare(query)) return base::fail(failed(query, "cannot be asked on this system"));
  Message question(kLargestQuestion);
  const int type = query.type == RecordType::a ? ns_t_a : ns_t_aaaa;
  const int question_size = res_nmkquery(state.get(), ns_o_query, query.host.c_str(), ns_c_in, type, nullptr, 0,
                                         nullptr, question.data(), static_cast<int>(question.size()));
  if (question_size < 0) return base::fail(lookup_failed(fmt::format("{} is no host name", query.host)));
  question.resize(static_cast<std::size_t>(question_size));
  Message reply(kLargestMessage);
  const int size = res_nsend(state.get(), question.data(), question_size, reply.data(), static_cast<int>(reply.size()));
  const int system_error = errno;
  if (size < 0) reply.resize(sizeof(HEADER));
  if (size < 0 && !is_reply_to(question, reply)) return base::fail(unanswered(query, system_error));
  if (size >= 0) reply.resize(static_cast<std::size_t>(size));
  return read_reply(query, reply);
}

}  // namespace mailcheck::dns
