// The words for how long somebody was waited for.
#pragma once

#include <string>

#include "base/clock.h"

namespace mailcheck::dns {

// "250 ms" below a second, else seconds with at most one decimal: "8 s", "2.5 s".
[[nodiscard]] std::string describe_wait(base::Duration duration);

}  // namespace mailcheck::dns
