// Progress: what the round trip is at, as a line on the terminal that each step overwrites. Only with -v, and only if
// standard error is a terminal: Zabbix and others take what is written there for the result.
#pragma once

#include <functional>
#include <string>

namespace mailcheck::plugins::mail_roundtrip {

class Progress {
 public:
  explicit Progress(int verbosity, int descriptor = 2);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { end(); }

  // Empty: nobody wants to be told. This object must outlive it.
  [[nodiscard]] std::function<void(const std::string&)> teller();
  // Takes the line away: to be called before anything is printed.
  void end();

 private:
  void show(const std::string& text) const;

  int descriptor_;
  bool is_shown_;
  bool has_line_ = false;
};

}  // namespace mailcheck::plugins::mail_roundtrip
