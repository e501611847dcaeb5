#include "dns/waiting_time.h"

#include <fmt/format.h>

#include <chrono>

#include "base/number.h"

namespace mailcheck::dns {

std::string describe_wait(base::Duration duration) {
  using std::chrono::milliseconds;
  const auto rounded = std::chrono::round<milliseconds>(duration);
  if (rounded < milliseconds(1000)) return fmt::format("{} ms", rounded.count());
  const auto tenths = std::chrono::round<std::chrono::duration<std::int64_t, std::deci>>(duration).count();
  return base::print_decimal(static_cast<double>(tenths) / 10) + " s";
}

}  // namespace mailcheck::dns
