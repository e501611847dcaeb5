// libFuzzer's way in; the target's name comes from CMake.
#include <cstddef>
#include <cstdint>

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mailcheck::fuzz::MAILCHECK_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
