#include "cli/ini_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "base/deadline.h"
#include "cli/option_values.h"
#include "plugin/usage_error.h"

namespace mailcheck::cli {
namespace {

using plugin::UsageError;

constexpr std::size_t kLargestFile = 1024 * 1024;
constexpr std::string_view kSpace = " \t\r\v\f";

[[noreturn]] void fail_reading(const std::string& path, int error) {
  throw UsageError{"cannot read " + in_quotes(path) + ": " + std::generic_category().message(error)};
}

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : fd_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0) fail_reading(path, errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

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
  const Descriptor file(path);
  struct stat status {};
  if (::fstat(file.fd(), &status) == 0 && S_ISDIR(status.st_mode)) fail_reading(path, EISDIR);
  base::Secret text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(file.fd(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR && !base::Deadline::is_interrupted()) continue;
    if (size < 0) fail_reading(path, errno);
    if (size == 0) break;
    text.append({buffer.data(), static_cast<std::size_t>(size)});
    if (text.size() > kLargestFile) throw UsageError{"expected at most 1 MiB in " + in_quotes(path)};
  }
  base::wipe(buffer.data(), buffer.size());
  return text;
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
