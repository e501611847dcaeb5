// The last step of every plugin: report -> text, and the transcript file if one was asked for.
#pragma once

#include "cli/common_options.h"
#include "plugin/guarded.h"
#include "plugin/report.h"

namespace mailcheck::plugins {

// Refuses a --transcript that cannot be written (UsageError): before anybody is connected to, and not after.
void prepare(const cli::CommonOptions& options);

// Writes --transcript (never following a link, 0600); if that fails the verdict stays, with a note.
[[nodiscard]] plugin::Outcome finish(plugin::Report report, const cli::CommonOptions& options);

// True if the dialogue has to be recorded for these options.
[[nodiscard]] bool wants_dialogue(const cli::CommonOptions& options);

}  // namespace mailcheck::plugins
