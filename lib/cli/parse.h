// parse: argv -> the structs that the options of the table write to. In this order: secrets leave argv; --help and
// --version answer; --extra-opts are read; the characters of every value are looked at; all options are applied (those
// from files first, so that the command line wins); the table's final checks run.
//
// Throws plugin::UsageError (one line that names the option and what was expected) or plugin::InformationRequest; its
// caller is plugin::guarded. Prints nothing, ends nothing, opens no connection. (The format of an error is found
// beforehand: plugin::find_format.)
#pragma once

#include <span>

#include "cli/option_table.h"

namespace mailcheck::cli {

void parse(const OptionTable& table, std::span<char*> argv);

}  // namespace mailcheck::cli
