// A command line in writable memory, as the kernel hands it over, and the ways to run it through a table.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.h"
#include "cli/parse.h"
#include "plugin/usage_error.h"

namespace mailcheck::test {

class CommandLine {
 public:
  CommandLine(std::initializer_list<std::string> words) {
    words_.emplace_back("/usr/lib/nagios/plugins/check_test");
    words_.insert(words_.end(), words.begin(), words.end());
    for (std::string& word : words_) argv_.push_back(word.data());
    argv_.push_back(nullptr);
  }
  [[nodiscard]] std::span<char*> argv() { return {argv_.data(), words_.size()}; }
  // What /proc/PID/cmdline would show, the program's name left out.
  [[nodiscard]] std::string memory() const {
    std::string all;
    for (std::size_t i = 1; i < words_.size(); ++i) all += words_[i] + '\0';
    return all;
  }

 private:
  std::vector<std::string> words_;
  std::vector<char*> argv_;
};

// The error of a command line, or "" if there is none.
inline std::string error_of(cli::OptionTable& table, std::initializer_list<std::string> words) {
  CommandLine line(words);
  try {
    cli::parse(table, line.argv());
  } catch (const plugin::UsageError& error) {
    return error.text;
  }
  return {};
}

// Sets an environment variable (nullptr: unsets it) and puts the old state back.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    had_value_ = std::getenv(name) != nullptr;
    value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { had_value_ ? ::setenv(name_, old_.c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::string old_;
  bool had_value_ = false;
};

// A folder of its own that goes away.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "mailcheck-cli-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }
  std::string write(const std::string& name, std::string_view text) const {
    const std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

 private:
  std::string path_;
};

}  // namespace mailcheck::test
