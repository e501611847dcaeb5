#include "dns/server_query.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "dns/address_records.h"
#include "dns/question.h"

namespace mailcheck::dns {
namespace {

constexpr std::size_t kLargestQuestion = 512;
constexpr std::size_t kLargestMessage = 65535;

HEADER header_of(const Message& message) {
  HEADER header;
  std::memcpy(&header, message.data(), sizeof header);
  return header;
}

// Somebody is there and does not want to be asked.
base::Error refused(const ServerQuery& query, std::string_view what) {
  base::Error error = query_failed(query, what);
  error.kind = base::ErrorKind::connect;
  return error;
}

base::Error unanswered(const ServerQuery& query, int system_error) {
  if (system_error == ECONNREFUSED) return refused(query, "is not reachable (connection refused)");
  base::Error error = query_failed(query, "did not answer");
  error.kind = base::ErrorKind::timeout;
  return error;
}

std::optional<Message> make_question(const ServerQuery& query, ResolverState& state) {
  Message question(kLargestQuestion);
  const int size = res_nmkquery(state.get(), ns_o_query, query.host.c_str(), ns_c_in, wire_number(query.type), nullptr,
                                0, nullptr, question.data(), static_cast<int>(question.size()));
  if (size < 0) return std::nullopt;
  question.resize(static_cast<std::size_t>(size));
  return question;
}

// The library reports SERVFAIL, REFUSED and silence alike, but leaves the reply in the buffer.
bool is_reply_to(const Message& question, const Message& reply) {
  return header_of(reply).qr == 1 && question[0] == reply[0] && question[1] == reply[1];
}

}  // namespace

std::string name_of_server(const std::optional<NameServer>& server) {
  if (!server) return "the system's name server";
  return fmt::format("name server {} port {}", server->address.to_string(), server->port);
}

base::Error query_failed(const ServerQuery& query, std::string_view what) {
  return lookup_failed(fmt::format("looking up {}: {} {}", query.host, name_of_server(query.server), what));
}

base::Result<Message> exchange(const ServerQuery& query) {
  ResolverState state;
  const bool is_ready =
      query.server ? state.use_server(*query.server, query.patience) : state.use_system(query.patience);
  if (!is_ready) return base::fail(query_failed(query, "cannot be asked on this system"));
  const auto question = make_question(query, state);
  if (!question) return base::fail(lookup_failed(fmt::format("{} is no host name", query.host)));
  Message reply(kLargestMessage);
  const int size = res_nsend(state.get(), question->data(), static_cast<int>(question->size()), reply.data(),
                             static_cast<int>(reply.size()));
  const int system_error = errno;
  reply.resize(size < 0 ? sizeof(HEADER) : static_cast<std::size_t>(size));
  if (size < 0 && !is_reply_to(*question, reply)) return base::fail(unanswered(query, system_error));
  return reply;
}

std::optional<base::Error> fault_of(const ServerQuery& query, const Message& reply) {
  const HEADER header = header_of(reply);
  switch (header.rcode) {
    case ns_r_noerror:
      if (header.tc == 1) return query_failed(query, "answered in part only (truncated), and not over TCP");
      return std::nullopt;
    case ns_r_nxdomain: return std::nullopt;
    case ns_r_servfail: return query_failed(query, "failed (SERVFAIL)");
    case ns_r_refused: return refused(query, "refused to answer (REFUSED)");
    default: return query_failed(query, fmt::format("answered with error code {}", unsigned{header.rcode}));
  }
}

Answer ask(const ServerQuery& query) {
  const auto reply = exchange(query);
  auto error = reply ? fault_of(query, *reply) : std::optional(reply.error());
  if (error) {
    // To whoever wants addresses, refusals are failures like others.
    if (error->kind == base::ErrorKind::connect) error->kind = base::ErrorKind::dns;
    return base::fail(std::move(*error));
  }
  if (header_of(*reply).rcode == ns_r_nxdomain) {
    return base::fail(lookup_failed(fmt::format("host name {} does not exist", query.host)));
  }
  auto addresses = addresses_in(*reply, query.host, query.type);
  if (!addresses) return base::fail(query_failed(query, "sent a malformed answer"));
  return std::move(*addresses);
}

}  // namespace mailcheck::dns
