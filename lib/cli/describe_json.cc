#include "cli/describe.h"

namespace mailcheck::cli {
namespace {

// The text is ours: UTF-8 without control characters, so two escapes are enough.
std::string string_of(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string list_of(const std::vector<std::string>& items) {
  std::string result = "[";
  for (const std::string& item : items) {
    if (result.size() > 1) result += ", ";
    result += string_of(item);
  }
  return result + "]";
}

std::string_view name_of(Completion completion) {
  switch (completion) {
    case Completion::none: return "none";
    case Completion::file: return "file";
    case Completion::directory: return "directory";
    case Completion::choice: return "choice";
  }
  return "none";
}

std::string_view boolean(bool value) {
  return value ? "true" : "false";
}

std::string object_of(const Option& option) {
  std::string text = "{\"name\": " + string_of(option.name);
  const auto add = [&text](std::string_view key, std::string_view value) {
    text.append(", \"").append(key).append("\": ").append(value);
  };
  add("letter", option.letter == 0 ? "null" : string_of({&option.letter, 1}));
  add("value", option.is_flag() ? "null" : string_of(option.value_name));
  add("value_optional", boolean(option.value_rule == ValueRule::optional));
  add("help", string_of(option.help));
  add("group", string_of(option.group));
  add("repeatable", boolean(option.repeat == Repeat::accumulates));
  add("secret", boolean(option.is_secret));
  add("in_help", boolean(option.visibility == Visibility::listed));
  add("completion", string_of(name_of(option.completion)));
  add("choices", list_of(option.choices));
  return text + "}";
}

}  // namespace

std::string describe_json(const OptionTable& table, const ProgramDescription& program) {
  std::string text = "{\"program\": " + string_of(program.name) + ", \"sentence\": " + string_of(program.sentence);
  text += ", \"options\": [";
  std::string_view separator = "\n  ";
  for (const Option& option : table.options()) {
    if (option.visibility == Visibility::hidden) continue;
    text.append(separator).append(object_of(option));
    separator = ",\n  ";
  }
  return text + "\n]}\n";
}

}  // namespace mailcheck::cli
