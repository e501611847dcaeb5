// Where to connect: -H, -p, -4, -6, --address. With a prefix ("smtp-") the long names carry it and there are no
// letters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/option_table.h"

namespace mailcheck::cli {

enum class Family { any, ipv4, ipv6 };
// Whether --hostname may be the path of a Unix socket (starts with '/').
enum class UnixSocket { refused, allowed };

struct EndpointOptions {
  std::string hostname;               // without brackets; may be an IP address
  std::optional<std::uint16_t> port;  // none: by protocol and TLS mode
  Family family = Family::any;
  std::string address;  // numeric, connect there instead; "": the addresses of hostname
};

struct EndpointContext {
  std::string prefix = {};
  UnixSocket unix_socket = UnixSocket::refused;
  enum class Hostname { required, optional } hostname = Hostname::required;
  std::string default_port = {};  // for --help: "993, or 143 with --tls starttls or none"
  std::string no_port = {};       // why --port is refused, which the help page does not know then; "": it is not
};

// `options` must outlive the table.
void add_endpoint_options(OptionTable& table, EndpointOptions& options, const EndpointContext& context);

}  // namespace mailcheck::cli
