// Command lines of check_mail_roundtrip for tests, and what becomes of them.
#pragma once

#include <string>
#include <vector>

#include "plugin/usage_error.h"
#include "plugins/check_mail_roundtrip/options.h"
#include "plugins/check_mail_roundtrip/sides.h"
#include "unit/cli/command_line.h"

namespace mailcheck::test {

using Words = std::vector<std::string>;

inline plugins::mail_roundtrip::Options parsed(Words words) {
  words.insert(words.begin(), "check_mail_roundtrip");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return plugins::mail_roundtrip::parse(argv);
}

inline probe::RoundtripRequest requested(const Words& words) {
  static const base::SystemClock clock;
  plugins::mail_roundtrip::Options options = parsed(words);
  options.tls.is_insecure = true;  // so that a machine without CA certificates will do
  plugins::SecretReading reading{.deadline = base::Deadline(clock, std::chrono::seconds(60))};
  return make_request(options, reading);
}

inline std::string error(const Words& words) {
  try {
    (void)requested(words);
  } catch (const plugin::UsageError& usage) {
    return usage.text;
  }
  return "accepted";
}

}  // namespace mailcheck::test
