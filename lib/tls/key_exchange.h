// Key exchange: the group in which the session's keys were agreed.
#pragma once

#include <string>

struct ssl_st;

namespace mailcheck::tls {

// "X25519", "P-256", "DH 2048", "X25519MLKEM768"; empty if there was none (RSA key transport) or it is not known.
[[nodiscard]] std::string key_exchange_group(ssl_st* session);

}  // namespace mailcheck::tls
