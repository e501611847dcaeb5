#include "plugins/shared/secret_source.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <utility>

#include "base/printable.h"
#include "cli/input.h"
#include "plugin/usage_error.h"

namespace mailcheck::plugins {
namespace {

using plugin::UsageError;

constexpr std::size_t kLargest = std::size_t{64} * 1024;

base::Secret without_line_end(const base::Secret& secret) {
  std::string_view text = secret.expose();
  text.remove_suffix(text.ends_with("\r\n") ? 2 : text.ends_with('\n') ? 1 : 0);
  return base::Secret(text);
}

void check(const base::Secret& secret) {
  if (secret.is_empty()) throw UsageError{"expected a secret, got nothing"};
  constexpr std::string_view kUnwanted("\r\n\0", 3);
  if (secret.expose().find_first_of(kUnwanted) != std::string_view::npos) {
    throw UsageError{"expected one line, got a line break or a NUL byte inside"};
  }
}

// What `read` gives, if it can be used; errors get the option's name.
template <typename Read>
base::Secret secret_of(const std::string& option, const Read& read) {
  try {
    base::Secret secret = read();
    check(secret);
    return secret;
  } catch (const UsageError& error) {
    throw UsageError{fmt::format("{}: {}", option, error.text)};
  }
}

base::Secret read_environment(const std::string& variable) {
  char* value = std::getenv(variable.c_str());
  if (value == nullptr) throw UsageError{fmt::format("environment variable {} is not set", base::printable(variable))};
  const std::string_view text(value);
  base::Secret secret(text);
  base::wipe(value, text.size());
  return secret;
}

bool may_be_read_by_everyone(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
}

}  // namespace

base::Secret read_secret_file(const std::string& path, const std::string& option, SecretReading& reading) {
  if (may_be_read_by_everyone(path)) reading.readable_files.push_back(path);
  return secret_of(option, [&] { return without_line_end(cli::read_file(path, {kLargest, reading.deadline})); });
}

std::optional<base::Secret> read_password(cli::CredentialOptions& options, const std::string& prefix,
                                          SecretReading& reading) {
  const std::string option = "--" + prefix + "password";
  if (options.has_password) return secret_of(option, [&] { return std::move(options.password); });
  if (!options.password_file.empty()) return read_secret_file(options.password_file, option + "-file", reading);
  if (!options.password_env.empty()) {
    return secret_of(option + "-env", [&] { return read_environment(options.password_env); });
  }
  if (!options.password_fd) return std::nullopt;
  return secret_of(option + "-fd", [&] {
    return without_line_end(cli::read_descriptor(*options.password_fd, {kLargest, reading.deadline}));
  });
}

std::optional<base::Secret> read_token(cli::CredentialOptions& options, const std::string& prefix,
                                       SecretReading& reading) {
  const std::string option = "--" + prefix + "oauth2-token-";
  if (!options.token_file.empty()) return read_secret_file(options.token_file, option + "file", reading);
  if (options.token_env.empty()) return std::nullopt;
  return secret_of(option + "env", [&] { return read_environment(options.token_env); });
}

}  // namespace mailcheck::plugins
