// saslname (RFC 5801 section 4, RFC 5802 section 5.1): a name inside a GS2 header, '=' written as =3D and ',' as =2C.
#pragma once

#include <string>
#include <string_view>

namespace mailcheck::sasl {

[[nodiscard]] inline std::string escape_sasl_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '=') {
      out += "=3D";
    } else if (c == ',') {
      out += "=2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace mailcheck::sasl
