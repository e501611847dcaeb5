// SecretSource: reads passwords and tokens from where the options say: command line, file, environment, descriptor.
//
// From a file or descriptor one trailing line end is removed, nothing else. Environment variables are overwritten once
// they were read. Anything that cannot be used (missing, unreadable, empty, a line break or NUL inside, over 64 KiB) is a
// UsageError that names the option: no connection is made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "cli/credential_options.h"

namespace mailcheck::plugins {

struct SecretNotes {
  std::vector<std::string> readable_files;  // files that everyone may read
};

// std::nullopt if no source was named.
[[nodiscard]] std::optional<base::Secret> read_password(cli::CredentialOptions& options, const std::string& prefix,
                                                        SecretNotes& notes);
[[nodiscard]] std::optional<base::Secret> read_token(cli::CredentialOptions& options, const std::string& prefix,
                                                     SecretNotes& notes);
// `option` is the name for error messages, with its dashes.
[[nodiscard]] base::Secret read_secret_file(const std::string& path, const std::string& option, SecretNotes& notes);

}  // namespace mailcheck::plugins
