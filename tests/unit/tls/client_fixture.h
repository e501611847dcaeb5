// What the tests of tls::Client share: options that trust the test CA, and a client made from them.
#pragma once

#include <string>
#include <vector>

#include "support/fake_clock.h"
#include "support/tls_pair.h"

namespace mailcheck::test {

inline tls::ClientOptions trusting_options(const std::string& host = "imap.example.test") {
  tls::ClientOptions options;
  options.server_name = host;
  options.verify_names = {host};
  options.ca_file = test_ca("root.pem");
  return options;
}

inline std::unique_ptr<tls::Client> make_client(const tls::ClientOptions& options = trusting_options()) {
  static const FakeClock clock;  // the client keeps a pointer to it
  auto client = tls::Client::make(options, clock);
  INFO((client ? std::string() : client.error().detail));
  REQUIRE(client.has_value());
  return std::move(*client);
}

}  // namespace mailcheck::test
