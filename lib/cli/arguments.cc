#include "cli/arguments.h"

#include <cstring>
#include <utility>

#include "cli/nearest.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using plugin::UsageError;

// Walks argv once. After the first error it goes on only to take secrets out of argv.
class ArgumentReader {
 public:
  ArgumentReader(const OptionTable& table, std::span<char*> argv) : table_(table), argv_(argv) {}

  Arguments read() {
    while (next_ < argv_.size() && argv_[next_] != nullptr) {
      char* word = argv_[next_++];
      try {
        read_word(word);
      } catch (const UsageError& error) {
        if (!has_failed_) result_.error = error.text;
        has_failed_ = true;
      }
    }
    return std::move(result_);
  }

 private:
  void read_word(char* word) {
    const std::string_view text(word);
    if (text.empty()) return;  // Debian's command definitions pass '' for an unset $ARG1$
    const bool is_option = !has_ended_ && text.size() > 1 && text.front() == '-';
    if (!is_option) throw UsageError{"expected options only, got the argument " + in_quotes(text)};
    if (text == "--") {
      has_ended_ = true;
    } else if (text.starts_with("--")) {
      read_long(word + 2);
    } else {
      read_letters(word + 1);
    }
  }

  void read_long(char* name) {
    char* equals = std::strchr(name, '=');
    const std::string_view spelled = equals != nullptr ? std::string_view(name, equals) : std::string_view(name);
    const Option& option = resolve_or_wipe(spelled, equals);
    if (equals != nullptr && option.is_flag()) refuse_value(option);
    if (option.is_flag()) {
      add(option, {});
    } else if (equals != nullptr) {
      take(option, equals + 1);
    } else {
      take_next(option);
    }
  }

  // A misspelt --password must not leave its value behind.
  const Option& resolve_or_wipe(std::string_view spelled, char* equals) {
    try {
      return resolve_long(table_, spelled);
    } catch (const UsageError&) {
      if (equals != nullptr) wipe_word(equals + 1);
      for (const Option* candidate : table_.find_abbreviated(spelled)) {
        if (equals != nullptr || !candidate->is_secret || next_ >= argv_.size()) continue;
        wipe_word(argv_[next_++]);
        break;
      }
      throw;
    }
  }

  [[noreturn]] static void refuse_value(const Option& option) {
    const bool counts = option.repeat == Repeat::accumulates && option.letter != 0;
    const std::string letter(1, option.letter);
    throw UsageError{"--" + option.name + ": takes no value" +
                     (counts ? "; give it again for more, as in -" + letter + letter : "")};
  }

  void read_letters(char* letters) {
    const Option* last = nullptr;  // a flag
    for (; *letters != '\0'; ++letters) {
      const Option* option = table_.find_letter(*letters);
      if (option == nullptr) {
        const char unknown = *letters;
        wipe_word(letters + 1);
        if (unknown == '=' && last != nullptr) refuse_value(*last);
        (void)resolve_letter(table_, unknown);  // throws
      }
      if (option->is_flag()) {
        add(*option, {});
        last = option;
        continue;
      }
      if (letters[1] != '\0') return take(*option, letters + 1);
      return take_next(*option);
    }
  }

  void take_next(const Option& option) {
    const bool has_next = next_ < argv_.size() && argv_[next_] != nullptr;
    if (option.value_rule == ValueRule::optional && (!has_next || argv_[next_][0] == '-')) return add(option, {});
    if (!has_next) throw UsageError{"--" + option.name + ": expected " + option.value_name + ", got nothing"};
    take(option, argv_[next_++]);
  }

  void take(const Option& option, char* value) {
    if (!option.is_secret) return add(option, value);
    result_.storage.emplace_back(std::string_view(value));
    wipe_word(value);
    add(option, result_.storage.back().expose());
  }

  void add(const Option& option, std::string_view value) {
    if (!has_failed_) result_.items.push_back({&option, value, ""});
  }

  static void wipe_word(char* word) { base::wipe(word, std::strlen(word)); }

  const OptionTable& table_;
  std::span<char*> argv_;
  std::size_t next_ = 1;
  bool has_ended_ = false;
  bool has_failed_ = false;
  Arguments result_;
};

std::string with_dashes(const std::vector<const Option*>& options) {
  std::vector<std::string> names;
  for (const Option* option : options) names.push_back("--" + option->name);
  return one_of({names.begin(), names.end()});
}

}  // namespace

Arguments read_arguments(const OptionTable& table, std::span<char*> argv) {
  return ArgumentReader(table, argv).read();
}

const Option& resolve_long(const OptionTable& table, std::string_view name) {
  const auto candidates = table.find_abbreviated(name);
  if (candidates.size() == 1) return *candidates.front();
  const std::string spelled = "--" + shown(name);
  if (!candidates.empty()) throw UsageError{spelled + ": ambiguous, could be " + with_dashes(candidates)};
  std::vector<std::string_view> known;
  for (const Option& option : table.options()) known.push_back(option.name);
  const std::string_view near = nearest(name, known);
  if (near.empty()) throw UsageError{spelled + ": unknown option, see --help"};
  throw UsageError{spelled + ": unknown option, did you mean --" + std::string(near) + "?"};
}

const Option& resolve_letter(const OptionTable& table, char letter) {
  if (const Option* option = table.find_letter(letter)) return *option;
  throw UsageError{"-" + shown({&letter, 1}) + ": unknown option, see --help"};
}

}  // namespace mailcheck::cli
