// CLI11's place in this room, and the only one: it is told every option of the table, gets the split arguments, keeps
// the last of a scalar and all of a repeatable one, and calls the options' `apply`.
//
// It never sees a value, only the argument's number: so no secret is copied into its strings, and none of its readings
// (brackets, delimiters, dashes, empty values; they differ by version) touches what the user wrote. Its exit codes,
// streams and help are not used.
#pragma once

#include <span>
#include <string>

#include "cli/arguments.h"
#include "cli/option_table.h"

namespace mailcheck::cli {

// Throws plugin::UsageError with the option's name in front.
void bind_and_apply(const OptionTable& table, std::span<const Argument> arguments);

// "--port", or "FILE:12: --port" for one from a file.
[[nodiscard]] std::string describe_origin(const Argument& argument);

}  // namespace mailcheck::cli
