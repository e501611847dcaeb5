// The command line, split as getopt_long splits it: attached values (-w5), values that start with a dash (-w -10:-2),
// --option=value and --option value, bundled flags (-Sv, -Svp587), unambiguous prefixes of long options, "--" ends the
// options, an empty positional argument is ignored, any other is refused.
//
// Nothing is applied and nothing but argv is read here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "cli/option_table.h"

namespace mailcheck::cli {

struct Argument {
  const Option* option;
  std::string_view value;  // "" for a flag
  std::string origin;      // "" for the command line, else "FILE:LINE"
};

struct Arguments {
  std::vector<Argument> items;
  std::string error;                  // the first thing that is wrong, "" if nothing; items hold what stood before it
  std::vector<base::Secret> storage;  // what the views of secret values look at
};

// Reads argv[1..]. The values of secret options are moved out of argv into wiped storage and overwritten with NUL
// bytes, also when something else is wrong; the other views look into argv.
[[nodiscard]] Arguments read_arguments(const OptionTable& table, std::span<char*> argv);

// The option that `name` (long, without dashes) means, by prefix too. Throws plugin::UsageError: unknown (with a near
// name) or ambiguous (with the candidates).
[[nodiscard]] const Option& resolve_long(const OptionTable& table, std::string_view name);
// The same for one letter.
[[nodiscard]] const Option& resolve_letter(const OptionTable& table, char letter);

}  // namespace mailcheck::cli
