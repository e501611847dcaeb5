// Guarded: the one way out of a plugin. Whatever happens inside, the monitoring system gets one text on stdout, an exit
// code from 0 to 3 and a silent stderr (Zabbix mixes stderr into the value).
//
//   int main(int argc, char** argv) {
//     return plugin::guarded("IMAP", plugin::find_format({argv, static_cast<std::size_t>(argc)}), [&] { ... });
//   }
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "plugin/render.h"

namespace mailcheck::plugin {

struct Outcome {
  int code = 3;
  std::string output = {};
};

// Runs the body and turns what it throws into an outcome with code 3:
//   UsageError           "SERVICE UNKNOWN - text", finding "usage"
//   InformationRequest   its text as it is; in JSON a list of lines, the fact "text", for Prometheus comments, and
//                        finding "information"
//   anything else        "SERVICE UNKNOWN - internal error: ...", finding "internal-error"
// In JSON all are an object of the same shape as every other, for Prometheus samples like every other's (without host
// and port, which may be what is wrong). A code outside 0..3 becomes 3. Never throws.
[[nodiscard]] Outcome run_guarded(std::string_view service, Format format,
                                  const std::function<Outcome()>& body) noexcept;

// run_guarded, its output written to stdout, and the code for main() to return: 3 if stdout could not be written
// (closed, full, or blocked for more than a second). SIGPIPE is ignored from here on.
[[nodiscard]] int guarded(std::string_view service, Format format, const std::function<Outcome()>& body);

// The format that the arguments ask for, found before they are parsed, so that an option error is JSON (or what is
// asked for) too: "--output json", "--output=json" and prefixes down to "--ou" ("--o" could be --oauth2-token-file);
// the last one wins, nothing is looked at after "--"; "JSON" will do too. The arguments are argv, program name first.
// It knows no other option: a value that reads "--output" is taken for it.
[[nodiscard]] Format find_format(std::span<char* const> arguments);

}  // namespace mailcheck::plugin
