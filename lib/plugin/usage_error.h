// The two ways in which option handling ends a run. Thrown there and caught by guarded(); on the way
// only the option's name is added.
#pragma once

#include <string>

namespace mailcheck::plugin {

// Names the option and what was expected, one clause: "--port: expected a number from 1 to 65535, not '70000'".
// It may hold the user's value as given; guarded() cleans it.
struct UsageError {
  std::string text;
};

// --help and --version: the text to print.
struct InformationRequest {
  std::string text;
};

}  // namespace mailcheck::plugin
