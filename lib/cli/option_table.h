// OptionTable: every option of a plugin, declared once. Parsing, --help, the man page's OPTIONS, the bash completion
// and the Icinga CheckCommand are all made from this table (describe.h).
//
// `apply` gets the value ("" for a flag) and throws plugin::UsageError with a sentence of what was expected
// ("expected a number from 1 to 65535, got '70000'"); parse.h puts the option's name in front of it. The view is good
// for that call only: a secret is wiped afterwards. Options are applied in the order of their declaration, the values
// of a repeatable one in the order they were given; of an option that is not repeatable only the last value is applied.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailcheck::cli {

// What a second appearance of the same option means.
enum class Repeat { last_wins, accumulates };

// A value that is optional is taken from `--name=VALUE`, or from the next word if that does not start with a dash.
enum class ValueRule { required, optional };

// Which bytes a value may hold. Control characters (CR, LF, TAB, NUL from an ini file ...) are refused by default.
enum class Characters { printable, any };

// What a shell offers to complete a value with; `choice` offers Option::choices.
enum class Completion { none, file, directory, choice };

// Immediate options (--help, --version) are applied as soon as they are met on the command line, before anything else
// is looked at, and throw plugin::InformationRequest.
enum class Timing { in_turn, immediate };

// Where an option is told of. `by_note`: everywhere but on the help page, where the note of its group speaks of it and
// its like. `hidden`: nowhere; it is there to be refused with good words.
enum class Visibility { listed, by_note, hidden };

// The group of --help, --version and --extra-opts.
inline constexpr std::string_view kGeneralGroup = "General";

struct Option {
  std::string name;             // long name without dashes, for example "hostname"
  char letter = 0;              // short form without the dash; 0: none
  std::string value_name = {};  // for example "HOST"; empty: a flag
  std::string help = {};        // one line, no capital at the start, no full stop at the end
  std::string group = {};       // heading in --help, for example "TLS"
  Repeat repeat = Repeat::last_wins;
  Completion completion = Completion::none;
  std::vector<std::string> choices = {};
  ValueRule value_rule = ValueRule::required;
  Characters characters = Characters::printable;
  Timing timing = Timing::in_turn;
  Visibility visibility = Visibility::listed;
  bool is_secret = false;  // the value is wiped from argv before anything else is done
  std::function<void(std::string_view)> apply = {};

  [[nodiscard]] bool is_flag() const { return value_name.empty(); }
};

class OptionTable {
 public:
  OptionTable() = default;
  OptionTable(const OptionTable&) = delete;  // closures and the parser keep pointers into it
  OptionTable& operator=(const OptionTable&) = delete;

  // Throws std::logic_error on a name or letter that is taken, no name, or no `apply`: a mistake of the programmer.
  void add(Option option);

  // What `declare` adds stands under `heading`; those that are listed without the prefix too are told of by its note.
  void add_side(std::string_view prefix, const std::string& heading, const std::function<void()>& declare);
  // What stands under a heading before its options, in whole sentences.
  void add_note(std::string heading, std::string text);

  // Run in the order added when all options have been applied: for what is required and what contradicts. Throws
  // plugin::UsageError with the whole text, option names included.
  void add_final_check(std::function<void()> check);
  void run_final_checks() const;

  [[nodiscard]] const std::vector<Option>& options() const { return options_; }
  [[nodiscard]] const Option* find(std::string_view name) const;
  [[nodiscard]] const Option* find_letter(char letter) const;
  // All options whose name starts so; an exact match is the only one then (getopt_long's rule).
  [[nodiscard]] std::vector<const Option*> find_abbreviated(std::string_view name) const;
  // Headings in the order of their first option that is not hidden, kGeneralGroup last.
  [[nodiscard]] std::vector<std::string_view> groups() const;
  [[nodiscard]] std::string_view note(std::string_view heading) const;  // "": none

 private:
  std::vector<Option> options_;
  std::vector<std::pair<std::string, std::string>> notes_;  // by heading
  std::vector<std::function<void()>> final_checks_;
};

}  // namespace mailcheck::cli
