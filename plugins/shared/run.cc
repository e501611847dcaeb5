#include "plugins/shared/run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/clock.h"
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

bool is_same_file(const struct stat& file, const std::string& path) {
  struct stat other {};
  return ::stat(path.c_str(), &other) == 0 && file.st_dev == other.st_dev && file.st_ino == other.st_ino;
}

// A terminal may be both.
void refuse_inputs(int transcript, const std::vector<InputFile>& inputs) {
  struct stat file {};
  if (::fstat(transcript, &file) != 0 || !S_ISREG(file.st_mode)) return;
  for (const InputFile& input : inputs) {
    if (input.path.empty() || !is_same_file(file, input.path)) continue;
    throw plugin::UsageError{fmt::format("--transcript: contradicts {}, which reads the same file", input.option)};
  }
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
int write_transcript(const plugin::Report& report, int file) {
  struct stat status {};
  if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
    (void)::fchmod(file, S_IRUSR | S_IWUSR);  // a file of somebody else keeps its mode
    if (::ftruncate(file, 0) != 0) return errno;
  }
  std::string text;
  for (const auto& line : report.dialogue) text += base::printable_line(line) + "\n";
  return write_all(file, text) ? 0 : errno;
}

}  // namespace

bool wants_dialogue(const cli::CommonOptions& options) {
  return options.verbosity >= kDialogueVerbosity || !options.transcript_file.empty();
}

std::vector<InputFile> input_files(const cli::TlsOptions& tls, const cli::CredentialOptions& credentials,
                                   const std::string& prefix) {
  const std::string dashes = "--" + prefix;
  return {{dashes + "ca-file", tls.ca_file},
          {dashes + "client-cert", tls.client_certificate},
          {dashes + "client-key", tls.client_key},
          {dashes + "client-key-password-file", tls.client_key_password_file},
          {dashes + "password-file", credentials.password_file},
          {dashes + "oauth2-token-file", credentials.token_file}};
}

base::FileDescriptor open_transcript(const cli::CommonOptions& options, const std::vector<InputFile>& inputs) {
  const std::string& path = options.transcript_file;
  if (path.empty()) return {};
  // Not blocking: a pipe without a reader would hang.
  constexpr int kFlags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  base::FileDescriptor file(::open(path.c_str(), kFlags, S_IRUSR | S_IWUSR));
  if (!file.is_open()) throw plugin::UsageError{"--transcript: " + cannot_write(path, errno)};
  refuse_inputs(file.get(), inputs);
  for (const std::string& ini : options.ini_files) refuse_inputs(file.get(), {{"--extra-opts", ini}});
  return file;
}

plugin::Outcome finish(plugin::Report report, const cli::CommonOptions& options,
                       const base::FileDescriptor& transcript) {
  if (const int error = transcript.is_open() ? write_transcript(report, transcript.get()) : 0; error != 0) {
    report.findings.push_back(
        Findings(options.results)
            .make("transcript-failed", "transcript-failed: " + cannot_write(options.transcript_file, error)));
  }
  return {.code = plugin::exit_code(plugin::status(report)),
          .output = plugin::render(report, {.format = options.output,
                                            .verbosity = options.verbosity,
                                            .perfdata_labels = options.perfdata_labels,
                                            .prometheus_labels = options.prometheus_labels,
                                            .ended = base::SystemClock().wall()})};
}

}  // namespace mailcheck::plugins
