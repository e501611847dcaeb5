#include "plugins/shared/secret_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/deadline.h"
#include "base/printable.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugins {
namespace {

constexpr std::size_t kLargest = std::size_t{64} * 1024;

[[noreturn]] void refuse(const std::string& option, std::string_view what) {
  throw plugin::UsageError{fmt::format("{}: {}", option, what)};
}

base::Secret without_line_end(const base::Secret& secret) {
  std::string_view text = secret.expose();
  text.remove_suffix(text.ends_with("\r\n") ? 2 : text.ends_with('\n') ? 1 : 0);
  return base::Secret(text);
}

base::Secret checked(base::Secret secret, const std::string& option) {
  if (secret.is_empty()) refuse(option, "expected a secret, got nothing");
  constexpr std::string_view kUnwanted("\r\n\0", 3);
  if (secret.expose().find_first_of(kUnwanted) != std::string_view::npos) {
    refuse(option, "expected one line, got a line break or a NUL byte inside");
  }
  return secret;
}

base::Secret read_all(int descriptor, const std::string& option) {
  base::Secret secret;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR && !base::Deadline::is_interrupted()) continue;
    if (size < 0) refuse(option, fmt::format("cannot be read: {}", std::strerror(errno)));
    if (size == 0) break;
    secret.append({buffer.data(), static_cast<std::size_t>(size)});
    base::wipe(buffer.data(), buffer.size());
    if (secret.size() > kLargest) refuse(option, "a secret of more than 64 KiB");
  }
  return checked(without_line_end(secret), option);
}

base::Secret read_environment(const std::string& variable, const std::string& option) {
  char* value = std::getenv(variable.c_str());
  if (value == nullptr) refuse(option, fmt::format("environment variable {} is not set", base::printable(variable)));
  const std::string_view text(value);
  base::Secret secret(text);
  base::wipe(value, text.size());
  return checked(std::move(secret), option);
}

}  // namespace

base::Secret read_secret_file(const std::string& path, const std::string& option, SecretNotes& notes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) refuse(option, fmt::format("cannot open {}: {}", base::printable(path), std::strerror(errno)));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0) {
    notes.readable_files.push_back(path);
  }
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
  } closer{descriptor};
  return read_all(descriptor, option);
}

std::optional<base::Secret> read_password(cli::CredentialOptions& options, const std::string& prefix,
                                          SecretNotes& notes) {
  if (options.has_password) return checked(std::move(options.password), "--" + prefix + "password");
  const std::string option = "--" + prefix + "password-";
  if (!options.password_file.empty()) return read_secret_file(options.password_file, option + "file", notes);
  if (!options.password_env.empty()) return read_environment(options.password_env, option + "env");
  if (options.password_fd) return read_all(*options.password_fd, option + "fd");
  return std::nullopt;
}

std::optional<base::Secret> read_token(cli::CredentialOptions& options, const std::string& prefix, SecretNotes& notes) {
  const std::string option = "--" + prefix + "oauth2-token-";
  if (!options.token_file.empty()) return read_secret_file(options.token_file, option + "file", notes);
  if (!options.token_env.empty()) return read_environment(options.token_env, option + "env");
  return std::nullopt;
}

}  // namespace mailcheck::plugins
