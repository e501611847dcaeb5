// SecretSource: reads passwords and tokens from where the options say: command line, file, environment, descriptor.
//
// From a file or descriptor one trailing line end is removed, nothing else. Environment variables are overwritten once
// they were read. Anything that cannot be used (missing, unreadable, empty, a line break or NUL inside, over 64 KiB, a
// pipe that has not ended at the deadline) is a UsageError that names the option: no connection is made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/secret.h"
#include "cli/credential_options.h"

namespace mailcheck::plugins {

// Until when secrets may be read, and what was noticed on the way.
struct SecretReading {
  base::Deadline deadline;
  std::vector<std::string> readable_files = {};  // files that everyone may read
};

// std::nullopt if no source was named.
[[nodiscard]] std::optional<base::Secret> read_password(cli::CredentialOptions& options, const std::string& prefix,
                                                        SecretReading& reading);
[[nodiscard]] std::optional<base::Secret> read_token(cli::CredentialOptions& options, const std::string& prefix,
                                                     SecretReading& reading);
// `option` is the name for error messages, with its dashes.
[[nodiscard]] base::Secret read_secret_file(const std::string& path, const std::string& option, SecretReading& reading);

}  // namespace mailcheck::plugins
