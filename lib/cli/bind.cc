#include "cli/bind.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

void apply(const Argument& argument) {
  try {
    argument.option->apply(argument.value);
  } catch (const plugin::UsageError& error) {
    throw plugin::UsageError{describe_origin(argument) + ": " + error.text};
  }
}

void register_option(CLI::App& app, const Option& option, std::span<const Argument> arguments) {
  CLI::Option* registered = app.add_option_function<std::vector<std::size_t>>(
      "--" + option.name, [arguments](const std::vector<std::size_t>& numbers) {
        for (const std::size_t number : numbers) apply(arguments[number]);
      });
  if (option.repeat == Repeat::accumulates) {
    registered->allow_extra_args(false);  // one value a time, any number of times
  } else {
    registered->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
}

bool occurs(const Option& option, std::span<const Argument> arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const Argument& argument) { return argument.option->name == option.name; });
}

}  // namespace

std::string describe_origin(const Argument& argument) {
  const std::string name = "--" + argument.option->name;
  return argument.origin.empty() ? name : argument.origin + ": " + name;
}

void bind_and_apply(const OptionTable& table, std::span<const Argument> arguments) {
  CLI::App app;
  app.set_help_flag();
  for (const Option& option : table.options()) {
    // CLI11 compares each new option with all it has: only those that occur, or start-up costs 0.2 ms
    if (occurs(option, arguments)) register_option(app, option, arguments);
  }
  std::vector<std::string> words;
  for (std::size_t number = arguments.size(); number-- > 0;) {  // CLI11 takes them from the back
    words.push_back("--" + arguments[number].option->name + "=" + std::to_string(number));
  }
  try {
    app.parse(std::move(words));
  } catch (const CLI::Error& error) {
    throw plugin::UsageError{error.what()};
  }
}

}  // namespace mailcheck::cli
