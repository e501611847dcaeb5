// --extra-opts[=[SECTION][@FILE]]: options from an ini file, as the monitoring-plugins have them. The section is the
// program's name unless given. Without a file: $MP_CONFIG_FILE, then monitoring-plugins.ini, plugins.ini and
// nagios-plugins.ini in the folders of $NAGIOS_CONFIG_PATH (separated by colons), then the standard places below
// /usr/local/etc and /etc. One thing is mended: a key of one letter with a value works.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "cli/option_table.h"

namespace mailcheck::cli {

inline constexpr std::string_view kExtraOptsName = "extra-opts";

// Declares the option. It only keeps the names of the files: parse.h reads them. `files` must outlive the table.
void add_extra_opts_option(OptionTable& table, std::vector<std::string>& files);

// The file that is read when none is named; "" if there is none.
[[nodiscard]] std::string default_ini_file();

// Appends the options of one `[SECTION][@FILE]` to `into`, whose storage then holds the file's text. Throws
// plugin::UsageError.
void read_extra_opts(const OptionTable& table, std::string_view locator, std::string_view program, Arguments& into);

}  // namespace mailcheck::cli
