// Channel binding data of the TLS session, for the -PLUS mechanisms (RFC 5929, RFC 9266). Made by tls, used by sasl.
#pragma once

#include <string>

namespace mailcheck::sasl {

struct ChannelBinding {
  std::string type;  // "tls-exporter" (TLS 1.3) or "tls-server-end-point"; empty: no TLS, no binding
  std::string data;  // raw bytes
};

}  // namespace mailcheck::sasl
