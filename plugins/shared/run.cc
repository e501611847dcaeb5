#include "plugins/shared/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/printable.h"
#include "plugin/render.h"
#include "plugin/usage_error.h"
#include "plugins/shared/findings.h"

namespace mailcheck::plugins {
namespace {

constexpr int kDialogueVerbosity = 3;

std::string cannot_write(const std::string& path, int error) {
  return fmt::format("cannot write {}: {}", path, std::strerror(error));
}

// Not blocking: a pipe without a reader would hang. -1: see errno.
int open_transcript(const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  return ::open(path.c_str(), kFlags, 0600);
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(file, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

// 0, or the error's number.
int write_transcript(const plugin::Report& report, const std::string& path) {
  const int file = open_transcript(path);
  if (file < 0) return errno;
  std::string text;
  for (const auto& line : report.dialogue) text += base::printable_line(line) + "\n";
  const int error = write_all(file, text) ? 0 : errno;
  ::close(file);
  return error;
}

}  // namespace

bool wants_dialogue(const cli::CommonOptions& options) {
  return options.verbosity >= kDialogueVerbosity || !options.transcript_file.empty();
}

void prepare(const cli::CommonOptions& options) {
  if (options.transcript_file.empty()) return;
  const int file = open_transcript(options.transcript_file);
  if (file < 0) throw plugin::UsageError{"--transcript: " + cannot_write(options.transcript_file, errno)};
  ::close(file);
}

plugin::Outcome finish(plugin::Report report, const cli::CommonOptions& options) {
  const std::string& path = options.transcript_file;
  if (const int error = path.empty() ? 0 : write_transcript(report, path); error != 0) {
    report.findings.push_back(
        Findings(options.results).make("transcript-failed", "transcript-failed: " + cannot_write(path, error)));
  }
  return {.code = plugin::exit_code(plugin::status(report)),
          .output = plugin::render(report, {.format = options.output, .verbosity = options.verbosity})};
}

}  // namespace mailcheck::plugins
