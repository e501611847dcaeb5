// The name that a plugin greets SMTP servers with, and this machine's.
#pragma once

#include <string>
#include <string_view>

namespace mailcheck::plugins {

// Of --helo: a domain in ASCII or an address literal. Throws plugin::UsageError.
[[nodiscard]] std::string read_hello_name(std::string_view value);

// As the system has it, with a domain or without; empty: it has none.
[[nodiscard]] std::string own_host_name();

// RFC 5321 section 4.1.4 wants a name with a domain; empty: this machine has none, and the probe says its address.
[[nodiscard]] std::string own_hello_name();

}  // namespace mailcheck::plugins
