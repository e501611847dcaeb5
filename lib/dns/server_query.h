// ServerQuery: one question (name and type) to one DNS server or to the system's, through the platform's resolver
// library, over UDP and (truncated answers) TCP. Blocks.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/bounded_lookup.h"
#include "dns/record_type.h"
#include "dns/resolver_state.h"

namespace mailcheck::dns {

struct ServerQuery {
  std::optional<NameServer> server;  // none: the servers of resolv.conf
  std::string host;
  RecordType type;
  std::chrono::seconds patience;  // for one try; there are two
};

using Message = std::vector<unsigned char>;

// The reply, at least a header: of a reply that the library did not want (SERVFAIL, REFUSED ...) no more than that.
// Errors: the name cannot be asked for (kind dns), nobody listens there (connect), no reply (timeout).
[[nodiscard]] base::Result<Message> exchange(const ServerQuery& query);

// Why this reply is none that can be read on: "looking up x: name server y failed (SERVFAIL)". std::nullopt: it says
// NOERROR or NXDOMAIN.
[[nodiscard]] std::optional<base::Error> fault_of(const ServerQuery& query, const Message& reply);

// An error of kind dns: "looking up x: name server y <what>"
[[nodiscard]] base::Error query_failed(const ServerQuery& query, std::string_view what);

// The question about A or AAAA, with its answer read: addresses in the server's order; an empty list: the name exists
// and has no such record.
[[nodiscard]] Answer ask(const ServerQuery& query);

// "name server 192.0.2.53 port 53"; "the system's name server" for none.
[[nodiscard]] std::string name_of_server(const std::optional<NameServer>& server);

}  // namespace mailcheck::dns
