// The error for what of ours cannot be used: stage tls, kind local.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace mailcheck::tls {

// `input` as in base::Error.
[[nodiscard]] inline tl::unexpected<base::Error> local_error(std::string detail, std::string_view input = {}) {
  base::Error error{base::Stage::tls, base::ErrorKind::local, std::move(detail)};
  error.input = input;
  return base::fail(std::move(error));
}

}  // namespace mailcheck::tls
