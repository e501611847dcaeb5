// Which options contradict each other: what the plugins say of it alike.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/tls_options.h"

namespace mailcheck::plugins {

struct Contradiction {
  bool is_there;
  std::string given;  // what the error begins with: the option at fault, and its value where that says more
  std::string why;
};
using Rows = std::vector<Contradiction>;

// Throws plugin::UsageError for the first that is there.
void refuse_contradictions(const Rows& rows);

// "--warning: unseen", for the first of the labels that has a threshold; empty: none has.
[[nodiscard]] std::string wanted_label(const cli::CommonOptions& options,
                                       std::initializer_list<std::string_view> labels);

// False: there is no name to look up, neither a resolver nor the time of asking one makes sense.
[[nodiscard]] bool looks_up(const cli::EndpointOptions& options);
[[nodiscard]] Rows look_up_contradictions(const cli::CommonOptions& options);

// How the user wrote an option: "--user", or "--smtp-user" where it exists with a prefix too.
using Spelling = std::function<std::string(std::string_view)>;
[[nodiscard]] std::string with_dashes(std::string_view name);

// What the log in options contradict, in a session that logs in or does not, that may have TLS or never will.
struct LogInCourse {
  bool logs_in = false;
  bool never_has_tls = false;
  Spelling spelled = with_dashes;
};
[[nodiscard]] Rows log_in_contradictions(const cli::CredentialOptions& given, const cli::TlsOptions& tls,
                                         LogInCourse course);

}  // namespace mailcheck::plugins
