// The services that --protocol names, and the ports that they usually have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/upgrade_client.h"
#include "probe/encryption.h"

namespace mailcheck::plugins::mail_tls {

struct Service {
  std::string_view name;  // "smtps"
  client::Protocol protocol;
  probe::Encryption encryption;  // starttls, or implicit, which is then the only one
  std::uint16_t port;            // the usual one
};

[[nodiscard]] std::vector<std::string> service_names();
// Precondition: one of the names.
[[nodiscard]] const Service& service_of(std::string_view name);
// nullptr: no service usually has that port.
[[nodiscard]] const Service* service_of(std::uint16_t port);
// The same protocol with TLS from the first byte; nullptr: there is no usual port for that.
[[nodiscard]] const Service* implicit_twin(const Service& service);

}  // namespace mailcheck::plugins::mail_tls
