// Status: the four states of the plugin interface; their numbers are the exit codes (monitoring-plugin-guidelines,
// Output). Icinga and Nagios know no other; 4 to 125 are never used.
#pragma once

#include <optional>
#include <string_view>

namespace mailcheck::plugin {

enum class Status { ok = 0, warning = 1, critical = 2, unknown = 3 };

// The order in which findings combine: CRITICAL > WARNING > UNKNOWN > OK. A fault that was seen is surer than a thing
// that could not be looked at, so UNKNOWN never hides a WARNING; it outweighs OK, because "not looked at" is not
// "well".
[[nodiscard]] bool is_worse(Status left, Status right);
[[nodiscard]] Status worst(Status left, Status right);

// "OK", "WARNING", "CRITICAL", "UNKNOWN".
[[nodiscard]] std::string_view to_string(Status status);
// The same four words in any case; std::nullopt for anything else.
[[nodiscard]] std::optional<Status> parse_status(std::string_view text);
[[nodiscard]] int exit_code(Status status);

}  // namespace mailcheck::plugin
