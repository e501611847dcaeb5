#include "dns/server_resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/number.h"
#include "dns/question.h"
#include "dns/reachable_first.h"
#include "dns/server_query.h"

namespace mailcheck::dns {
namespace {

tl::unexpected<base::Error> unusable(std::string_view text, std::string_view why) {
  return base::fail({.stage = base::Stage::dns,
                     .kind = base::ErrorKind::local,
                     .detail = fmt::format("name server \"{}\": {}", text, why)});
}

struct Endpoint {
  std::string_view address;
  std::optional<std::string_view> port;
};

// Splits "address", "address:port", "[address]" and "[address]:port"; more than one colon without brackets is IPv6.
std::optional<Endpoint> split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
    return Endpoint{text.substr(1, end - 1), rest.empty() ? std::nullopt : std::optional(rest.substr(1))};
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) return Endpoint{text, {}};
  return Endpoint{text.substr(0, colon), text.substr(colon + 1)};
}

std::vector<RecordType> types_of(Family family) {
  if (family == Family::any) return {RecordType::aaaa, RecordType::a};
  return {family == Family::ipv4 ? RecordType::a : RecordType::aaaa};
}

// The name exists: has it addresses of the family that was not asked for?
base::Error nothing_of(ServerQuery query, Family family) {
  query.type = family == Family::ipv4 ? RecordType::aaaa : RecordType::a;
  query.patience = std::chrono::seconds(1);  // only for better words
  const Answer other = family == Family::any ? Answer() : ask(query);
  if (other && !other->empty()) return only_other_family(query.host, family);
  return lookup_failed(fmt::format("host name {} has no {}", query.host, address_of_family(family)));
}

// One question after the other; errors matter only if nothing was found.
Answer ask_all(ServerQuery query, Family family) {
  std::vector<Address> found;
  std::optional<base::Error> error;
  for (const RecordType type : types_of(family)) {
    query.type = type;
    const Answer answer = ask(query);
    if (answer)
      found.insert(found.end(), answer->begin(), answer->end());
    else if (!error)
      error = answer.error();
  }
  if (found.empty() && error) return base::fail(std::move(*error));
  if (found.empty()) return base::fail(nothing_of(std::move(query), family));
  put_reachable_first(found);
  return found;
}

// Two tries for each type have to fit into the time; the library counts in whole seconds.
std::chrono::seconds patience(Family family, const base::Deadline& deadline) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(deadline.remaining());
  return std::max(std::chrono::seconds(1), seconds / (family == Family::any ? 4 : 2));
}

}  // namespace

base::Result<ServerResolver> ServerResolver::parse(std::string_view text) {
  const auto endpoint = split(text);
  const auto address = endpoint ? Address::parse(endpoint->address) : std::nullopt;
  const bool is_bracketed = text.starts_with('[');
  if (!address || (is_bracketed && !address->is_ipv6()))
    return unusable(text, "expected ADDRESS[:PORT], the address as a number");
  if (!endpoint->port) return ServerResolver(*address);
  const auto port = base::parse_unsigned(*endpoint->port);
  if (!port || *port == 0 || *port > 65535) return unusable(text, "the port must be 1 to 65535");
  return ServerResolver(*address, static_cast<std::uint16_t>(*port));
}

base::Result<std::vector<Address>> ServerResolver::addresses(const std::string& host, Family family,
                                                             base::Deadline deadline) {
  if (auto answer = answer_without_asking(host, family)) return std::move(*answer);
  const NameServer server{.address = server_, .port = port_};
  const ServerQuery query{
      .server = server, .host = host, .type = RecordType::a, .patience = patience(family, deadline)};
  return answer_before(deadline, name_of_server(server), [query, family] { return ask_all(query, family); });
}

}  // namespace mailcheck::dns
