// Tlsa: one TLSA record (RFC 6698 section 2), as published; whether it can be used is dane.h's matter.
#pragma once

#include <cstdint>
#include <string>

namespace mailcheck::tls {

struct Tlsa {
  std::uint8_t usage = 0;     // 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE
  std::uint8_t selector = 0;  // 0 the certificate, 1 its public key
  std::uint8_t matching = 0;  // 0 in full, 1 SHA-256, 2 SHA-512
  std::string data;           // bytes

  bool operator==(const Tlsa&) const = default;
};

}  // namespace mailcheck::tls
