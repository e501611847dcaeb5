// IniFile: sections of `key = value` lines as the monitoring-plugins read them (their parse_ini.c): `#` and `;` start a
// comment at the start of a line only; key and value are trimmed, quotes are kept; `key=` is a key with an empty value;
// a section that appears twice is one; lines of other sections are not looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace mailcheck::cli {

struct IniEntry {
  std::string_view key;
  std::string_view value;
  int line = 0;
};

// The whole text of a file or pipe ("-": standard input), wiped when it goes. Throws plugin::UsageError (without the
// option's name): unreadable, more than 1 MiB, a pipe that has not ended after 5 seconds.
[[nodiscard]] base::Secret read_ini_file(const std::string& path);

// The entries of one section; views into `text`. Throws plugin::UsageError with `origin`:LINE: a line without `=` or
// with nothing before it, an entry before the first section; and if the section is missing or empty.
[[nodiscard]] std::vector<IniEntry> read_ini_section(std::string_view text, std::string_view section,
                                                     std::string_view origin);

}  // namespace mailcheck::cli
