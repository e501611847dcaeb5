// check_smtp_submit: one SMTP submission as a mail client's, every step timed. See man/check_smtp_submit.1.
#include "plugin/guarded.h"
#include "plugins/check_smtp_submit/options.h"
#include "plugins/shared/run.h"
#include "plugins/shared/system_environment.h"

namespace {

using namespace mailcheck;

plugin::Outcome check(std::span<char*> arguments) {
  plugins::smtp_submit::Options options = plugins::smtp_submit::parse(arguments);
  auto inputs = plugins::input_files(options.tls, options.credentials, "");
  inputs.push_back({"--body-file", options.message.body_file});
  const base::FileDescriptor transcript = plugins::open_transcript(options.common, inputs);
  plugins::SystemEnvironment environment(options.common.resolver);
  plugins::SecretReading reading{base::Deadline(environment.get().clock, options.common.timeout)};
  probe::SmtpSubmitRequest request = make_request(options, reading);
  const plugins::smtp_submit::Limits limits = make_limits(options, reading);
  const probe::SmtpSubmitFacts facts = probe::smtp_submit(std::move(request), environment.get());
  return plugins::finish(judge(facts, limits), options.common, transcript);
}

}  // namespace

int main(int count, char** values) {
  const std::span<char*> arguments(values, static_cast<std::size_t>(count));
  plugins::set_up_process();
  return plugin::guarded("SMTP", plugin::find_format(arguments), [&] { return check(arguments); });
}
