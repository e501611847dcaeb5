// Numbers in text, without the locale: the decimal separator is always a point, whatever LC_NUMERIC says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailcheck::base {

// Digits only, no sign, no white space; std::nullopt for anything else or past 2^64-1.
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view text);
// [-+]digits[.digits] or [-+].digits: no exponent, no inf, no nan, no white space, no comma.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);
// Shortest form without exponent that reads back the same to six decimals: "5", "0.25", "-3".
[[nodiscard]] std::string print_decimal(double value);
// Exactly that many decimals, for example seconds with six.
[[nodiscard]] std::string print_fixed(double value, int decimals);

}  // namespace mailcheck::base
