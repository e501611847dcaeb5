// What this room says when something on this machine is in the way: stage state, kind local, input state-dir.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace mailcheck::ledger {

[[nodiscard]] inline tl::unexpected<base::Error> local_error(std::string detail) {
  base::Error error{base::Stage::state, base::ErrorKind::local, std::move(detail)};
  error.input = "state-dir";
  return base::fail(std::move(error));
}

}  // namespace mailcheck::ledger
