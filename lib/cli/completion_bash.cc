#include "cli/describe.h"

namespace mailcheck::cli {
namespace {

std::string all_words(const OptionTable& table) {
  std::string words;
  for (const Option& option : table.options()) {
    if (option.visibility != Visibility::hidden) words += (words.empty() ? "--" : " --") + option.name;
  }
  return words;
}

std::string reply_of(const Option& option) {
  if (option.completion == Completion::file) return "compgen -f -- \"$cur\"";
  if (option.completion == Completion::directory) return "compgen -d -- \"$cur\"";
  std::string words;
  for (const std::string& choice : option.choices) words += (words.empty() ? "" : " ") + choice;
  return "compgen -W '" + words + "' -- \"$cur\"";
}

// One branch: after this option, complete its value.
std::string branch(const Option& option) {
  std::string text = "    --" + option.name;
  if (option.letter != 0) text += std::string("|-") + option.letter;
  text += ") ";
  const bool is_path = option.completion == Completion::file || option.completion == Completion::directory;
  if (is_path) text += "compopt -o filenames; ";
  if (option.completion != Completion::none) text += "mapfile -t COMPREPLY < <(" + reply_of(option) + "); ";
  return text + "return ;;\n";
}

}  // namespace

std::string completion_bash(const OptionTable& table, std::string_view program) {
  const std::string function = "_" + std::string(program);
  std::string text = "# bash completion for " + std::string(program) + ", made from its option table\n";
  text += function + "() {\n";
  text += "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n";
  text += "  COMPREPLY=()\n";
  // bash splits --option=value into three words
  text += "  [[ $cur == '=' ]] && cur=''\n";
  text += "  [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n";
  text += "  case $prev in\n";
  for (const Option& option : table.options()) {
    if (option.is_flag() || option.visibility == Visibility::hidden) continue;
    if (option.value_rule == ValueRule::required) text += branch(option);
  }
  text += "  esac\n";
  text += "  [[ $cur == -* ]] && mapfile -t COMPREPLY < <(compgen -W '" + all_words(table) + "' -- \"$cur\")\n";
  text += "}\ncomplete -F " + function + " " + std::string(program) + "\n";
  return text;
}

}  // namespace mailcheck::cli
