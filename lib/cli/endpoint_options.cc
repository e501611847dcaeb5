#include "cli/endpoint_options.h"

#include <sys/un.h>

#include <string_view>

#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

constexpr std::string_view kGroup = "Connection";

std::string read_host_or_socket(std::string_view value, UnixSocket unix_socket) {
  if (!value.starts_with('/')) return read_host(value);
  if (unix_socket == UnixSocket::refused) refuse("a host name or IP address", value);
  if (value.size() >= sizeof(sockaddr_un::sun_path)) refuse("a socket path of at most 107 bytes", value);
  return std::string(value);
}

void add_family(OptionTable& table, EndpointOptions& options, const std::string& prefix) {
  const auto set = [&options](Family family) {
    return [&options, family](std::string_view) {
      if (options.family != Family::any && options.family != family) {
        throw plugin::UsageError{"contradictory: IPv4 only and IPv6 only"};
      }
      options.family = family;
    };
  };
  table.add({.name = prefix + "ipv4",
             .letter = prefix.empty() ? '4' : '\0',
             .help = "use IPv4 only",
             .group = std::string(kGroup),
             .apply = set(Family::ipv4)});
  table.add({.name = prefix + "ipv6",
             .letter = prefix.empty() ? '6' : '\0',
             .help = "use IPv6 only",
             .group = std::string(kGroup),
             .apply = set(Family::ipv6)});
}

// -4 with an IPv6 address could only ever fail.
void check_family(const EndpointOptions& options, const std::string& prefix) {
  const bool is_hostname = options.address.empty();
  const std::string& target = is_hostname ? options.hostname : options.address;
  if (options.family == Family::any || !is_ip_address(target)) return;
  if (is_ipv6_address(target) == (options.family == Family::ipv6)) return;
  const std::string family = options.family == Family::ipv6 ? "ipv6" : "ipv4";
  throw plugin::UsageError{"--" + prefix + family + ": contradicts --" + prefix +
                           (is_hostname ? "hostname " : "address ") + target};
}

void add_host_and_port(OptionTable& table, EndpointOptions& options, const EndpointContext& context) {
  table.add({.name = context.prefix + "hostname",
             .letter = context.prefix.empty() ? 'H' : '\0',
             .value_name = "HOST",
             .help = context.unix_socket == UnixSocket::allowed ? "host name, IP address or Unix socket of the server"
                                                                : "host name or IP address of the server",
             .group = std::string(kGroup),
             .apply = [&options, unix_socket = context.unix_socket](std::string_view value) {
               options.hostname = read_host_or_socket(value, unix_socket);
             }});
  table.add({.name = context.prefix + "port",
             .letter = context.prefix.empty() ? 'p' : '\0',
             .value_name = "PORT",
             .help = context.default_port.empty() ? "port, if not the usual one" : "default " + context.default_port,
             .group = std::string(kGroup),
             .visibility = context.no_port.empty() ? Visibility::listed : Visibility::hidden,
             .apply = [&options, no_port = context.no_port](std::string_view value) {
               if (!no_port.empty()) throw plugin::UsageError{no_port};
               options.port = read_port(value);
             }});
}

}  // namespace

void add_endpoint_options(OptionTable& table, EndpointOptions& options, const EndpointContext& context) {
  add_host_and_port(table, options, context);
  add_family(table, options, context.prefix);
  table.add({.name = context.prefix + "address",
             .value_name = "IP",
             .help = "connect there; the name checked is still HOST",
             .group = std::string(kGroup),
             .apply = [&options](std::string_view value) { options.address = read_ip_address(value); }});
  table.add_final_check([&options, prefix = context.prefix, need = context.hostname] {
    if (options.hostname.empty() && need == EndpointContext::Hostname::required) {
      throw plugin::UsageError{"--" + prefix + "hostname: expected HOST, got nothing; it is required"};
    }
    check_family(options, prefix);
  });
}

}  // namespace mailcheck::cli
