#include "plugins/check_mail_roundtrip/progress.h"

#include <unistd.h>

#include "base/printable.h"

namespace mailcheck::plugins::mail_roundtrip {
namespace {

// Shorter than the line of a terminal: a line that is broken cannot be overwritten.
constexpr std::size_t kLongest = 78;
constexpr const char* kEraseLine = "\r\033[K";

}  // namespace

Progress::Progress(int verbosity, int descriptor)
    : descriptor_(descriptor), is_shown_(verbosity > 0 && ::isatty(descriptor) == 1) {}

std::function<void(const std::string&)> Progress::teller() {
  if (!is_shown_) return {};
  return [this](const std::string& text) {
    show(base::printable(text, kLongest));
    has_line_ = true;
  };
}

void Progress::end() {
  if (has_line_) show("");
  has_line_ = false;
}

void Progress::show(const std::string& text) const {
  const std::string line = kEraseLine + text;
  if (::write(descriptor_, line.data(), line.size()) < 0) return;  // nothing depends on it
}

}  // namespace mailcheck::plugins::mail_roundtrip
