// Base64 of RFC 4648 section 4, as SASL profiles use it (RFC 4422): strict, padded, no white space.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace mailcheck::base {

[[nodiscard]] std::string base64_encode(std::string_view bytes);
// The same for bytes that must not be left behind.
[[nodiscard]] Secret base64_encode(const Secret& bytes);
// std::nullopt for anything but canonical padded base64; the empty string decodes to the empty string.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace mailcheck::base
