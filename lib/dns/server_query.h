// ServerQuery: one question (name, A or AAAA) to one DNS server, through the platform's resolver library. Blocks.
//
// An IPv6 server needs the layout of glibc's resolver state; elsewhere such a server is answered with an error.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "dns/address_records.h"
#include "dns/bounded_lookup.h"

namespace mailcheck::dns {

struct ServerQuery {
  Address server;
  std::uint16_t port;
  std::string host;
  RecordType type;
  std::chrono::seconds patience;  // for one try; there are two
};

// Addresses in the server's order; an empty list: the name exists and has no such record.
[[nodiscard]] Answer ask(const ServerQuery& query);

// "name server 192.0.2.53 port 53"
[[nodiscard]] std::string name_of_server(const Address& server, std::uint16_t port);

}  // namespace mailcheck::dns
