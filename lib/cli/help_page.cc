#include <algorithm>

#include "cli/describe.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kLongestTerm = 28;

// "  -H, --hostname HOST", "      --list NAME...", "      --extra-opts[=[SECTION][@FILE]]..."
std::string term(const Option& option) {
  const std::string mark = option.repeat == Repeat::accumulates ? "..." : "";
  std::string text = option.letter == 0 ? "      --" : std::string("  -") + option.letter + ", --";
  text += option.name;
  if (option.is_flag()) return text + mark;
  const bool is_optional = option.value_rule == ValueRule::optional;
  return text + (is_optional ? "[=" + option.value_name + "]" : " " + option.value_name) + mark;
}

std::size_t text_column(const OptionTable& table) {
  std::size_t widest = 0;
  for (const Option& option : table.options()) {
    if (option.visibility != Visibility::listed) continue;
    if (const std::size_t width = term(option).size(); width <= kLongestTerm) widest = std::max(widest, width);
  }
  return widest + 2;
}

// The words of `text` behind `line`, from `column` on, broken before the right edge.
void append_wrapped(std::string& page, std::string line, std::string_view text, std::size_t column) {
  const std::string indent(column, ' ');
  while (text.size() > kWidth - column) {
    const std::size_t space = text.rfind(' ', kWidth - column);
    if (space == std::string_view::npos) break;
    page += line.append(text.substr(0, space)) + "\n";
    line = indent;
    text.remove_prefix(space + 1);
  }
  page += line.append(text) + "\n";
}

void append_option(std::string& page, const Option& option, std::size_t column) {
  std::string line = term(option);
  if (line.size() + 2 > column) {
    page += line + "\n";
    line.clear();
  }
  line.resize(column, ' ');
  append_wrapped(page, std::move(line), option.help, column);
}

}  // namespace

std::string help_page(const OptionTable& table, const ProgramDescription& program) {
  std::string page = "usage: " + program.name + " " + program.usage + "\n";
  append_wrapped(page, "", program.sentence, 0);
  const std::size_t column = text_column(table);
  for (const std::string_view group : table.groups()) {
    page += "\n" + std::string(group) + ":\n";
    if (!table.note(group).empty()) append_wrapped(page, "  ", table.note(group), 2);
    for (const Option& option : table.options()) {
      if (option.group == group && option.visibility == Visibility::listed) append_option(page, option, column);
    }
  }
  page += "\nOptions with ... may be given more than once; of the others the last one counts.\n";
  return page;
}

std::string version_line(const ProgramDescription& program) {
  return program.name + " " MAILCHECK_VERSION " (monitoring-plugins-mail)\n";
}

void add_information_options(OptionTable& table, const ProgramDescription& program) {
  table.add(
      {.name = "help",
       .letter = 'h',
       .help = "print this and end",
       .group = std::string(kGeneralGroup),
       .timing = Timing::immediate,
       .apply = [&table, program](std::string_view) { throw plugin::InformationRequest{help_page(table, program)}; }});
  table.add({.name = "version",
             .letter = 'V',
             .help = "print the version and end",
             .group = std::string(kGeneralGroup),
             .timing = Timing::immediate,
             .apply = [program](std::string_view) { throw plugin::InformationRequest{version_line(program)}; }});
}

}  // namespace mailcheck::cli
