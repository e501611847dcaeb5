// What the options of check_mail_tls mean together, and which of them contradict each other.
#pragma once

#include <cstdint>

#include "plugins/check_mail_tls/options.h"

namespace mailcheck::plugins::mail_tls {

// What is spoken, where, and when it becomes secret. Precondition: check_together() was content.
struct Endpoint {
  Service service;  // with the port that is used
  bool is_socket = false;
};
[[nodiscard]] Endpoint endpoint_of(const Options& options);

// Throws plugin::UsageError for the first contradiction: whoever gives an option must not believe in a check that is
// never made.
void check_together(const Options& options);

}  // namespace mailcheck::plugins::mail_tls
