#include "cli/extra_opts.h"

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "cli/ini_file.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using plugin::UsageError;

constexpr std::array kNames = {"monitoring-plugins.ini", "plugins.ini", "nagios-plugins.ini"};
// The list of monitoring-plugins' lib/parse_ini.c, in its order.
constexpr std::array kPlaces = {
    "/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
    "/usr/local/etc/monitoring-plugins.ini",
    "/etc/monitoring-plugins/monitoring-plugins.ini",
    "/etc/monitoring-plugins.ini",
    "/etc/nagios/plugins.ini",
    "/usr/local/nagios/etc/plugins.ini",
    "/usr/local/etc/nagios/plugins.ini",
    "/etc/opt/nagios/plugins.ini",
    "/etc/nagios-plugins.ini",
    "/usr/local/etc/nagios-plugins.ini",
    "/etc/opt/nagios-plugins.ini",
};

bool does_exist(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

std::string find_in_path(std::string_view folders) {
  while (!folders.empty()) {
    const std::size_t end = folders.find(':');
    const std::string folder(folders.substr(0, end));
    folders.remove_prefix(end == std::string_view::npos ? folders.size() : end + 1);
    if (folder.empty()) continue;
    for (const char* name : kNames) {
      if (std::string path = folder + "/" + name; does_exist(path)) return path;
    }
  }
  return {};
}

struct Locator {
  std::string section;
  std::string file;
};

Locator read_locator(std::string_view text, std::string_view program) {
  const std::size_t at = text.find('@');
  Locator locator{std::string(text.substr(0, at)), {}};
  if (locator.section.empty()) locator.section = program;
  locator.file = at == std::string_view::npos ? default_ini_file() : std::string(text.substr(at + 1));
  if (!locator.file.empty()) return locator;
  if (at != std::string_view::npos) throw UsageError{"expected a file name after the @"};
  throw UsageError{"no file named, and none of the usual ones is there"};
}

Argument read_entry(const OptionTable& table, const IniEntry& entry, const std::string& origin) {
  const Option& option =
      entry.key.size() == 1 ? resolve_letter(table, entry.key.front()) : resolve_long(table, entry.key);
  const std::string name = "--" + option.name;
  if (option.name == kExtraOptsName) throw UsageError{name + ": works on the command line only"};
  if (option.is_flag() && !entry.value.empty()) {
    throw UsageError{name + ": takes no value, write '" + std::string(entry.key) + "='"};
  }
  if (!option.is_flag() && entry.value.empty()) {
    throw UsageError{name + ": expected " + option.value_name + ", got nothing"};
  }
  return {&option, entry.value, origin};
}

void read_entries(const OptionTable& table, std::string_view text, const Locator& locator, Arguments& into) {
  for (const IniEntry& entry : read_ini_section(text, locator.section, locator.file)) {
    const std::string origin = shown(locator.file) + ":" + std::to_string(entry.line);
    try {
      into.items.push_back(read_entry(table, entry, origin));
    } catch (const UsageError& error) {
      throw UsageError{origin + ": " + error.text};
    }
  }
}

}  // namespace

void add_extra_opts_option(OptionTable& table, std::vector<std::string>& files) {
  table.add({.name = std::string(kExtraOptsName),
             .value_name = "[SECTION][@FILE]",
             .help = "read options from an ini file",
             .group = std::string(kGeneralGroup),
             .repeat = Repeat::accumulates,
             .completion = Completion::file,
             .value_rule = ValueRule::optional,
             .apply = [&files](std::string_view value) { files.push_back(read_locator(value, {}).file); }});
}

std::string default_ini_file() {
  if (const char* file = std::getenv("MP_CONFIG_FILE")) return file;
  if (const char* folders = std::getenv("NAGIOS_CONFIG_PATH")) {
    if (std::string file = find_in_path(folders); !file.empty()) return file;
  }
  for (const char* place : kPlaces) {
    if (does_exist(place)) return place;
  }
  return {};
}

void read_extra_opts(const OptionTable& table, std::string_view locator, std::string_view program, Arguments& into) {
  try {
    const Locator place = read_locator(locator, program);
    into.storage.push_back(read_ini_file(place.file));
    read_entries(table, into.storage.back().expose(), place, into);
  } catch (const UsageError& error) {
    throw UsageError{"--" + std::string(kExtraOptsName) + ": " + error.text};
  }
}

}  // namespace mailcheck::cli
