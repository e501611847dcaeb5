// PEM files: what is tested before OpenSSL reads one.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace mailcheck::tls {

// OpenSSL would wait for a pipe's writer for ever, so that only a regular file will do. `what` names the file in the
// error ("CA file"), `input` is as in base::Error. Errors: stage tls, kind local.
[[nodiscard]] base::Result<void> check_pem_file(std::string_view what, const std::string& path,
                                                std::string_view input = {});

}  // namespace mailcheck::tls
