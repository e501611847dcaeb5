#include "cli/parse.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/bind.h"
#include "cli/extra_opts.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

void answer_immediate(const Arguments& arguments) {
  for (const Argument& argument : arguments.items) {
    if (argument.option->timing == Timing::immediate) argument.option->apply(argument.value);
  }
}

std::string_view program_name(std::span<char*> argv) {
  if (argv.empty() || argv.front() == nullptr) return {};
  const std::string_view path(argv.front());
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

bool has_control_character(std::string_view value) {
  return std::any_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

void check_characters(const Arguments& arguments) {
  for (const Argument& argument : arguments.items) {
    if (argument.option->characters == Characters::any || !has_control_character(argument.value)) continue;
    throw plugin::UsageError{describe_origin(argument) +
                             ": expected a value without line breaks and control characters"};
  }
}

}  // namespace

void parse(const OptionTable& table, std::span<char*> argv) {
  Arguments command_line = read_arguments(table, argv);
  answer_immediate(command_line);
  if (!command_line.error.empty()) throw plugin::UsageError{command_line.error};

  Arguments all;
  for (const Argument& argument : command_line.items) {
    if (argument.option->name == kExtraOptsName) read_extra_opts(table, argument.value, program_name(argv), all);
  }
  all.items.insert(all.items.end(), command_line.items.begin(), command_line.items.end());
  check_characters(all);
  bind_and_apply(table, all.items);
  table.run_final_checks();
}

}  // namespace mailcheck::cli
