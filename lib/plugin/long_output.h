// Long output: the lines after the first, section by section. Each section is a heading and indented lines, empty when
// it has nothing to say. Clean text, no '|'; lines break at 79 columns but for the dialogue.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/report.h"

namespace mailcheck::plugin {

// In bytes: a text of a finding, a fact or a dialogue line longer than this is cut.
inline constexpr std::size_t kTextLimit = 1024;
// In characters, for everything that is broken or scaled to fit.
inline constexpr std::size_t kColumns = 79;

// Characters of clean UTF-8 text, which are columns as far as a plugin can know.
[[nodiscard]] std::size_t columns(std::string_view text);

// "steps:": label, milliseconds, share of the total and a bar. The longest has 40 '#' where they fit. Time of the total
// that no finished step accounts for is the unfinished step's, a row marked "(not finished)"; if there is none, a row
// "(rest)". A step about something else than this run (Metric::about) has no row.
[[nodiscard]] std::string step_table(const std::vector<Metric>& steps, std::string_view unfinished = {});
// "findings:": "[STATE] name: text" and "hint: ...", worst first. Below verbosity 2 without those that are OK.
[[nodiscard]] std::string finding_list(std::vector<Finding> findings, int verbosity);
// "facts:": "name: value"; bool as yes and no, lists joined with ", ".
[[nodiscard]] std::string fact_list(const std::vector<Fact>& facts);
// "dialogue:": clean lines, of a long one the first and the last (shorten).
[[nodiscard]] std::string dialogue_list(const std::vector<std::string>& dialogue);

// At most 400 clean lines: the first and the last 200, and between them how many were left out. Keeps the output below
// the 512 KiB that the plugin interface asks for.
[[nodiscard]] std::vector<std::string> shorten(const std::vector<std::string>& dialogue);

}  // namespace mailcheck::plugin
