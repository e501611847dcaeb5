// check_imap_login: one IMAP session as a mail client's, every step timed. See man/check_imap_login.1.
#include "plugin/guarded.h"
#include "plugins/check_imap_login/options.h"
#include "plugins/shared/run.h"
#include "plugins/shared/system_environment.h"

namespace {

using namespace mailcheck;

plugin::Outcome check(std::span<char*> arguments) {
  plugins::imap_login::Options options = plugins::imap_login::parse(arguments);
  const base::FileDescriptor transcript =
      plugins::open_transcript(options.common, plugins::input_files(options.tls, options.credentials, ""));
  plugins::SystemEnvironment environment(options.common.resolver);
  plugins::SecretReading reading{base::Deadline(environment.get().clock, options.common.timeout)};
  probe::ImapLoginRequest request = make_request(options, reading);
  const plugins::imap_login::Limits limits = make_limits(options, reading);
  const probe::ImapLoginFacts facts = probe::imap_login(std::move(request), environment.get());
  return plugins::finish(judge(facts, limits), options.common, transcript);
}

}  // namespace

int main(int count, char** values) {
  const std::span<char*> arguments(values, static_cast<std::size_t>(count));
  plugins::set_up_process();
  return plugin::guarded("IMAP", plugin::find_format(arguments), [&] { return check(arguments); });
}
