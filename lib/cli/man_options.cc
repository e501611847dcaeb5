#include "cli/describe.h"

namespace mailcheck::cli {
namespace {

// roff: a backslash and a hyphen that is typed are escaped, a control character at the start of a line is defused.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool starts_line = result.empty() || result.back() == '\n';
    if (starts_line && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string value_part(const Option& option, std::string_view separator) {
  if (option.is_flag()) return {};
  const std::string value = "\\fI" + escaped(option.value_name) + "\\fR";
  if (option.value_rule == ValueRule::optional) return "[=" + value + "]";
  return std::string(separator) + value;
}

std::string paragraph(const Option& option) {
  std::string text = ".TP\n";
  if (option.letter != 0) {
    text += "\\fB\\-" + escaped({&option.letter, 1}) + "\\fR" + value_part(option, " ") + ", ";
  }
  text += "\\fB\\-\\-" + escaped(option.name) + "\\fR" + value_part(option, "=") + "\n";
  text += escaped(option.help) + ".";
  if (option.repeat == Repeat::accumulates) text += " May be given more than once.";
  return text + "\n";
}

}  // namespace

std::string man_options(const OptionTable& table) {
  std::string text;
  for (const std::string_view group : table.groups()) {
    text += ".SS " + escaped(group) + "\n";
    if (!table.note(group).empty()) text += escaped(table.note(group)) + "\n";
    for (const Option& option : table.options()) {
      if (option.group == group && option.visibility != Visibility::hidden) text += paragraph(option);
    }
  }
  return text;
}

}  // namespace mailcheck::cli
