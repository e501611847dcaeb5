// What is made from the option table: --help, --version, and (by a developer's tool) completion, the man page's OPTIONS
// and a JSON description for the Icinga CheckCommand.
#pragma once

#include <string>
#include <string_view>

#include "cli/option_table.h"

namespace mailcheck::cli {

struct ProgramDescription {
  std::string name;      // "check_imap_login"
  std::string usage;     // what follows the name: "-H HOST [options]"
  std::string sentence;  // what it does, in one sentence
};

// Declares -h/--help and -V/--version. The table must outlive the call of parse.
void add_information_options(OptionTable& table, const ProgramDescription& program);

// usage, sentence, then the options by group: lines of at most 80 columns.
[[nodiscard]] std::string help_page(const OptionTable& table, const ProgramDescription& program);
// "check_imap_login 0.9.0 (monitoring-plugins-mail)"
[[nodiscard]] std::string version_line(const ProgramDescription& program);
// man(7): .SS per group, .TP per option; text escaped.
[[nodiscard]] std::string man_options(const OptionTable& table);
// {"program": ..., "options": [{"name", "letter", "value", "help", "group", "repeatable", "secret", "in_help",
// "completion", "choices"}]}
[[nodiscard]] std::string describe_json(const OptionTable& table, const ProgramDescription& program);

}  // namespace mailcheck::cli
