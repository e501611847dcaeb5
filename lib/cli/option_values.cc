#include "cli/option_values.h"

#include <arpa/inet.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <system_error>

#include "base/ascii.h"
#include "base/number.h"
#include "base/printable.h"
#include "cli/nearest.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

constexpr std::size_t kLongestQuote = 60;
constexpr std::size_t kLongestHostName = 253;  // RFC 1035 2.3.4, without the root's dot
constexpr std::size_t kLongestLabel = 63;
constexpr double kLongestTimeout = 86400;

std::string_view without_brackets(std::string_view text) {
  const bool has_brackets = text.size() > 2 && text.front() == '[' && text.back() == ']';
  return has_brackets ? text.substr(1, text.size() - 2) : text;
}

std::string error_text(int error) {
  return std::generic_category().message(error);
}

void require_kind(const std::string& path, bool is_right_kind, std::string_view what) {
  if (!is_right_kind) throw plugin::UsageError{"expected " + std::string(what) + ", got " + in_quotes(path)};
}

// How long a name in UTF-8 is on the wire is IDNA's to say.
void check_lengths(std::string_view name, std::string_view value) {
  if (base::is_ascii(name) && name.size() > kLongestHostName) refuse("a host name of at most 253 bytes", value);
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    if (base::is_ascii(label) && label.size() > kLongestLabel)
      refuse("a host name with labels of at most 63 bytes", value);
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
}

struct stat look_at(const std::string& path, int access_mode) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), access_mode) != 0) {
    const int error = errno;
    throw plugin::UsageError{"cannot read " + in_quotes(path) + ": " + error_text(error)};
  }
  return status;
}

}  // namespace

std::string shown(std::string_view value) {
  return base::printable(value, kLongestQuote);
}

std::string in_quotes(std::string_view value) {
  return "'" + shown(value) + "'";
}

void refuse(std::string_view expected, std::string_view got) {
  throw plugin::UsageError{"expected " + std::string(expected) + ", got " + (got.empty() ? "nothing" : in_quotes(got))};
}

std::uint16_t read_port(std::string_view value) {
  const auto port = base::parse_unsigned(value);
  if (!port || *port < 1 || *port > 65535) refuse("a number from 1 to 65535", value);
  return static_cast<std::uint16_t>(*port);
}

std::chrono::nanoseconds read_timeout(std::string_view value) {
  const auto seconds = base::parse_decimal(value);
  const std::string_view expected = "seconds, more than 0 and at most 86400, as in 10 or 2.5";
  if (!seconds || *seconds > kLongestTimeout) refuse(expected, value);
  const std::chrono::nanoseconds timeout(std::llround(*seconds * 1e9));
  if (timeout.count() <= 0) refuse(expected, value);
  return timeout;
}

std::chrono::nanoseconds read_seconds(std::string_view value, double least, double most) {
  const auto seconds = base::parse_decimal(value);
  if (!seconds || *seconds < least || *seconds > most) {
    refuse("seconds, from " + base::print_decimal(least) + " to " + base::print_decimal(most), value);
  }
  return std::chrono::nanoseconds(std::llround(*seconds * 1e9));
}

int read_number(std::string_view value, int least, int most) {
  const auto number = base::parse_unsigned(value);
  if (!number || *number > static_cast<std::uint64_t>(most) || static_cast<int>(*number) < least) {
    refuse("a number from " + std::to_string(least) + " to " + std::to_string(most), value);
  }
  return static_cast<int>(*number);
}

bool is_ipv6_address(std::string_view text) {
  const std::size_t percent = text.find('%');
  const std::string address(text.substr(0, percent));
  in6_addr parsed{};
  if (::inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return false;
  // a scope means something on a link only
  return percent == std::string_view::npos || (percent + 1 < text.size() && IN6_IS_ADDR_LINKLOCAL(&parsed));
}

bool is_ip_address(std::string_view text) {
  in_addr parsed{};
  return ::inet_pton(AF_INET, std::string(text).c_str(), &parsed) == 1 || is_ipv6_address(text);
}

std::string read_ip_address(std::string_view value) {
  const std::string_view bare = without_brackets(value);
  const bool is_valid = bare.size() == value.size() ? is_ip_address(value) : is_ipv6_address(bare);
  if (!is_valid) refuse("a numeric IPv4 or IPv6 address", value);
  return std::string(bare);
}

std::string read_resolver(std::string_view value) {
  constexpr std::string_view kExpected = "ADDRESS or ADDRESS:PORT, numeric, as in 192.0.2.53 or [2001:db8::53]:5353";
  if (is_ip_address(value)) return std::string(value);
  const std::size_t colon = value.rfind(':');
  const std::string_view address = value.substr(0, colon);
  const bool has_port = colon != std::string_view::npos && !value.ends_with(']');
  const std::string_view bare = without_brackets(has_port ? address : value);
  const bool is_bracketed = bare.size() != (has_port ? address : value).size();
  const bool is_valid = is_bracketed ? is_ipv6_address(bare) : is_ip_address(bare) && !is_ipv6_address(bare);
  if (!is_valid) refuse(kExpected, value);
  if (has_port) {
    const auto port = base::parse_unsigned(value.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) refuse(kExpected, value);
  }
  return std::string(value);
}

std::string read_host(std::string_view value) {
  const std::string_view bare = without_brackets(value);
  if (is_ip_address(bare)) return read_ip_address(value);
  constexpr std::string_view kExpected = "a host name or IP address";
  const std::string_view labels = value.ends_with('.') ? value.substr(0, value.size() - 1) : value;
  if (!base::is_utf8(value)) refuse("a host name in UTF-8 or an IP address", value);
  if (labels.empty() || labels.front() == '-' || labels.front() == '.') refuse(kExpected, value);
  if (labels.find("..") != std::string_view::npos || labels.ends_with('.')) refuse(kExpected, value);
  check_lengths(labels, value);
  if (labels.find(':') != std::string_view::npos) refuse("a host name or IP address (the port goes to --port)", value);
  if (labels.find_first_of(" /\\@[]()<>|'\"`;&$%*?!#,=") != std::string_view::npos) refuse(kExpected, value);
  return std::string(value);
}

std::string read_text(std::string_view value) {
  if (value.empty()) refuse("a value", value);
  return std::string(value);
}

std::string read_utf8(std::string_view value) {
  if (!base::is_utf8(value)) refuse("a value in UTF-8", value);
  return read_text(value);
}

std::string read_readable_file(std::string_view value) {
  std::string path = read_text(value);
  const struct stat status = look_at(path, R_OK);
  require_kind(path, !S_ISDIR(status.st_mode), "a file");
  return path;
}

std::string read_readable_directory(std::string_view value) {
  std::string path = read_text(value);
  const struct stat status = look_at(path, R_OK);
  require_kind(path, S_ISDIR(status.st_mode), "a folder");
  (void)look_at(path, X_OK);
  return path;
}

std::vector<std::string_view> split_list(std::string_view value) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t comma = value.find(',');
    parts.push_back(value.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    value.remove_prefix(comma + 1);
  }
}

std::string read_choice(std::string_view value, const std::vector<std::string>& choices) {
  for (const std::string& choice : choices) {
    if (base::equals_ignoring_case(choice, value)) return choice;
  }
  refuse(one_of({choices.begin(), choices.end()}), value);
}

}  // namespace mailcheck::cli
