#include "dns/server_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>

#include "dns/answer_section.h"
#include "dns/bounded_lookup.h"
#include "dns/question.h"
#include "dns/server_query.h"

namespace mailcheck::dns {
namespace {

constexpr std::size_t kMostRecords = 64;

LookupOutcome outcome_of(base::ErrorKind kind) {
  if (kind == base::ErrorKind::timeout) return LookupOutcome::silent;
  return kind == base::ErrorKind::connect ? LookupOutcome::unreachable : LookupOutcome::failed;
}

RecordSet without_answer(const std::string& name, const base::Error& error) {
  return {.outcome = outcome_of(error.kind),
          .is_secure = false,
          .canonical_name = std::string(without_final_stop(name)),
          .data = {},
          .detail = error.detail};
}

LookupOutcome outcome_of(const HEADER& header, const AnswerSection& answer) {
  if (header.rcode == ns_r_nxdomain) return LookupOutcome::no_name;
  return answer.data.empty() ? LookupOutcome::no_record : LookupOutcome::found;
}

RecordSet read_reply(const ServerQuery& query, const Message& reply) {
  if (const auto fault = fault_of(query, reply)) return without_answer(query.host, *fault);
  auto answer = read_answer(reply, query.host, query.type);
  if (!answer) return without_answer(query.host, query_failed(query, "sent a malformed answer"));
  if (answer->data.size() > kMostRecords) {
    return without_answer(query.host, query_failed(query, fmt::format("sent more than {} records", kMostRecords)));
  }
  HEADER header;
  std::memcpy(&header, reply.data(), sizeof header);
  return {.outcome = outcome_of(header, *answer),
          .is_secure = header.ad == 1,
          .canonical_name = std::move(answer->canonical_name),
          .data = std::move(answer->data),
          .detail = {}};
}

RecordSet ask_records(const ServerQuery& query) {
  const auto reply = exchange(query);
  return reply ? read_reply(query, *reply) : without_answer(query.host, reply.error());
}

// Two tries have to fit into the time; the library counts in whole seconds.
std::chrono::seconds patience(const base::Deadline& deadline) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadline.remaining());
  return std::max(std::chrono::seconds(1), seconds / 2);
}

}  // namespace

RecordSet ServerRecords::records(const std::string& name, RecordType type, base::Deadline deadline) {
  if (!is_askable(name)) return without_answer(name, lookup_failed("not a name that can be asked for"));
  const ServerQuery query{.server = server_, .host = name, .type = type, .patience = patience(deadline)};
  const auto result = std::make_shared<RecordSet>();
  const auto outcome = run_before(deadline, this->name(), [result, query] { *result = ask_records(query); });
  if (outcome) return std::move(*result);
  base::Error error = outcome.error();
  error.detail = fmt::format("looking up {}: {}", name, error.detail);
  return without_answer(name, error);
}

bool ServerRecords::is_on_loopback() const {
  return server_ ? server_->address.is_loopback() : are_on_loopback(ResolverState().servers());
}

std::string ServerRecords::name() const {
  return name_of_server(server_);
}

bool are_on_loopback(const std::vector<NameServer>& servers) {
  return !servers.empty() && std::all_of(servers.begin(), servers.end(),
                                         [](const NameServer& server) { return server.address.is_loopback(); });
}

}  // namespace mailcheck::dns
