#include "crypto/random.h"

#include <openssl/rand.h>

#include <climits>
#include <stdexcept>

namespace mailcheck::crypto {

std::string SystemRandom::bytes(std::size_t count) {
  std::string out(count, '\0');
  if (count > INT_MAX || RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("the system has no random bytes to give");
  }
  return out;
}

}  // namespace mailcheck::crypto
