// Readers of option values: each takes the text and throws plugin::UsageError with what was expected.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailcheck::cli {

// The value in quotes for an error message, made printable and cut at 60 bytes.
[[nodiscard]] std::string in_quotes(std::string_view value);
[[nodiscard]] std::string shown(std::string_view value);  // the same without the quotes
// Throws plugin::UsageError{"expected <what>, got '<value>'"}.
[[noreturn]] void refuse(std::string_view expected, std::string_view got);

// The parts of "a,b,c"; "" has one, which is empty.
[[nodiscard]] std::vector<std::string_view> split_list(std::string_view value);

// 1 to 65535.
[[nodiscard]] std::uint16_t read_port(std::string_view value);
// Seconds with decimals, more than 0 and at most a day.
[[nodiscard]] std::chrono::nanoseconds read_timeout(std::string_view value);
// Seconds with decimals, from `least` to `most`.
[[nodiscard]] std::chrono::nanoseconds read_seconds(std::string_view value, double least, double most);
// Decimal digits, from `least` to `most`.
[[nodiscard]] int read_number(std::string_view value, int least, int most);
// A numeric IPv4 or IPv6 address (with or without brackets, with a scope id if link-local); returned without brackets.
[[nodiscard]] std::string read_ip_address(std::string_view value);
// ADDRESS[:PORT], numeric; brackets are needed around an IPv6 address that has a port. Returned as given.
[[nodiscard]] std::string read_resolver(std::string_view value);
// A host name in UTF-8 or an IP address, no spaces, no empty label, lengths as DNS has them (of what is ASCII; IDNA
// looks at the rest); brackets around an IPv6 address are dropped.
[[nodiscard]] std::string read_host(std::string_view value);
// Anything but nothing.
[[nodiscard]] std::string read_text(std::string_view value);
// The same, and valid UTF-8.
[[nodiscard]] std::string read_utf8(std::string_view value);
// A regular file (or pipe) that this user may read. It is not opened: a pipe's content would be lost.
[[nodiscard]] std::string read_readable_file(std::string_view value);
// A folder that this user may enter and list.
[[nodiscard]] std::string read_readable_directory(std::string_view value);
// The entry of `choices` that equals the value, blind to case; otherwise an error that names them all.
[[nodiscard]] std::string read_choice(std::string_view value, const std::vector<std::string>& choices);

// Values that have a name: what a choice offers, and which one was chosen.
template <typename Value, std::size_t kSize>
using NamedValues = std::array<std::pair<std::string_view, Value>, kSize>;

template <typename Value, std::size_t kSize>
[[nodiscard]] std::vector<std::string> names_of(const NamedValues<Value, kSize>& values) {
  std::vector<std::string> names;
  names.reserve(kSize);
  for (const auto& [name, value] : values) names.emplace_back(name);
  return names;
}
template <typename Value, std::size_t kSize>
[[nodiscard]] Value read_named(std::string_view text, const NamedValues<Value, kSize>& values) {
  const std::string chosen = read_choice(text, names_of(values));
  for (const auto& [name, value] : values) {
    if (name == chosen) return value;
  }
  refuse("one of the names", text);
}

[[nodiscard]] bool is_ip_address(std::string_view text);
[[nodiscard]] bool is_ipv6_address(std::string_view text);

}  // namespace mailcheck::cli
