#include "plugins/shared/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/printable.h"
#include "plugin/render.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugins {
namespace {

constexpr int kDialogueVerbosity = 3;

[[noreturn]] void refuse(const std::string& path) {
  throw plugin::UsageError{fmt::format("--transcript: cannot write {}: {}", path, std::strerror(errno))};
}

// Not blocking: a pipe without a reader would hang.
int open_transcript(const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  const int file = ::open(path.c_str(), kFlags, 0600);
  if (file < 0) refuse(path);
  return file;
}

void write_transcript(const plugin::Report& report, const std::string& path) {
  const int file = open_transcript(path);
  std::string text;
  for (const auto& line : report.dialogue) text += base::printable_line(line) + "\n";
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t size = ::write(file, text.data() + written, text.size() - written);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) {
      const int error = errno;
      ::close(file);
      errno = error;
      refuse(path);
    }
    written += static_cast<std::size_t>(size);
  }
  ::close(file);
}

}  // namespace

bool wants_dialogue(const cli::CommonOptions& options) {
  return options.verbosity >= kDialogueVerbosity || !options.transcript_file.empty();
}

void prepare(const cli::CommonOptions& options) {
  if (!options.transcript_file.empty()) ::close(open_transcript(options.transcript_file));
}

plugin::Outcome finish(const plugin::Report& report, const cli::CommonOptions& options) {
  if (!options.transcript_file.empty()) write_transcript(report, options.transcript_file);
  return {.code = plugin::exit_code(plugin::status(report)),
          .output = plugin::render(report, {.format = options.output, .verbosity = options.verbosity})};
}

}  // namespace mailcheck::plugins
