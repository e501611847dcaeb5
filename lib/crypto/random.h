// Randomness comes in by the door: whoever needs some takes a Random&, tests bring their own.
#pragma once

#include <cstddef>
#include <string>

namespace mailcheck::crypto {

class Random {
 public:
  virtual ~Random() = default;
  // Exactly that many bytes, fit for keys and nonces.
  [[nodiscard]] virtual std::string bytes(std::size_t count) = 0;
};

// OpenSSL's generator (RAND_bytes), seeded by the kernel. If it cannot be seeded bytes() throws std::runtime_error:
// there is no sensible way on, and guessable bytes would be worse than exit 3.
class SystemRandom final : public Random {
 public:
  [[nodiscard]] std::string bytes(std::size_t count) override;
};

}  // namespace mailcheck::crypto
