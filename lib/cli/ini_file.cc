#include "cli/ini_file.h"

#include <unistd.h>

#include <chrono>
#include <string>

#include "base/clock.h"
#include "cli/input.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using plugin::UsageError;

constexpr std::size_t kLargestFile = 1024 * 1024;
constexpr base::Duration kLongestWait = std::chrono::seconds(5);  // --timeout may stand in the file
constexpr std::string_view kSpace = " \t\r\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// "[ name ] whatever": the name. Nothing after the bracket is looked at, as upstream.
std::string_view section_name(std::string_view line) {
  const std::size_t end = line.find(']');
  return end == std::string_view::npos ? std::string_view() : trimmed(line.substr(1, end - 1));
}

// Walks the lines of the text and keeps the entries of one section.
class SectionReader {
 public:
  SectionReader(std::string_view section, std::string_view origin) : section_(section), origin_(origin) {}

  void read_line(std::string_view line) {
    ++number_;
    line = trimmed(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') return;
    if (line.front() == '[') {
      place_ = section_name(line) == section_ ? Place::wanted : Place::other;
      return;
    }
    if (place_ == Place::before_all) fail("expected a [section] before the first entry");
    if (place_ == Place::wanted) read_entry(line);
  }

  std::vector<IniEntry> take_entries() {
    if (entries_.empty()) {
      throw UsageError{"section [" + shown(section_) + "] of " + in_quotes(origin_) + " is missing or empty"};
    }
    return std::move(entries_);
  }

 private:
  enum class Place { before_all, other, wanted };

  void read_entry(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) fail("expected KEY=VALUE, or KEY= for a flag");
    const std::string_view key = trimmed(line.substr(0, equals));
    if (key.empty()) fail("expected an option's name before the =");
    entries_.push_back({key, trimmed(line.substr(equals + 1)), number_});
  }

  // The line itself is not shown: it may hold a password.
  [[noreturn]] void fail(std::string_view expected) const {
    throw UsageError{shown(origin_) + ":" + std::to_string(number_) + ": " + std::string(expected)};
  }

  std::string_view section_;
  std::string_view origin_;
  int number_ = 0;
  Place place_ = Place::before_all;
  std::vector<IniEntry> entries_;
};

}  // namespace

base::Secret read_ini_file(const std::string& path) {
  const base::SystemClock clock;
  const InputLimits limits{kLargestFile, base::Deadline(clock, kLongestWait)};
  return path == "-" ? read_descriptor(STDIN_FILENO, limits) : read_file(path, limits);
}

std::vector<IniEntry> read_ini_section(std::string_view text, std::string_view section, std::string_view origin) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // byte order mark of a Windows editor
  SectionReader reader(section, origin);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.read_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return reader.take_entries();
}

}  // namespace mailcheck::cli
