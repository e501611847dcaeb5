#include "plugins/shared/hello_name.h"

#include <unistd.h>

#include <array>

#include "base/ascii.h"
#include "cli/option_values.h"
#include "mail/address.h"

namespace mailcheck::plugins {

std::string read_hello_name(std::string_view value) {
  if (!base::is_ascii(value) || !mail::is_domain(value))
    cli::refuse("a domain in ASCII or an address literal like [192.0.2.1]", value);
  return std::string(value);
}

std::string own_host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string own_hello_name() {
  const std::string text = own_host_name();
  return text.find('.') != std::string::npos && mail::is_domain(text) ? text : std::string();
}

}  // namespace mailcheck::plugins
