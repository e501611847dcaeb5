// The last step of every plugin: report -> text, and the transcript file if one was asked for. That file is opened
// before anybody is connected to, and nothing of what it held is lost until the new transcript is written.
#pragma once

#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "cli/common_options.h"
#include "cli/credential_options.h"
#include "cli/tls_options.h"
#include "plugin/guarded.h"
#include "plugin/report.h"

namespace mailcheck::plugins {

// A file that an option names to be read.
struct InputFile {
  std::string option;
  std::string path;
};

[[nodiscard]] std::vector<InputFile> input_files(const cli::TlsOptions& tls, const cli::CredentialOptions& credentials,
                                                 const std::string& prefix);

// Opens --transcript (never following a link), if there is one. Throws plugin::UsageError: it cannot be written, or is
// one of the inputs or of the ini files.
[[nodiscard]] base::FileDescriptor open_transcript(const cli::CommonOptions& options,
                                                   const std::vector<InputFile>& inputs);

// Writes --transcript, readable for its owner only; if that fails the verdict stays, with a note.
[[nodiscard]] plugin::Outcome finish(plugin::Report report, const cli::CommonOptions& options,
                                     const base::FileDescriptor& transcript);

// True if the dialogue has to be recorded for these options.
[[nodiscard]] bool wants_dialogue(const cli::CommonOptions& options);

}  // namespace mailcheck::plugins
