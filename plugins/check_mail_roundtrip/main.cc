// check_mail_roundtrip: a message is sent by SMTP, seen by IMAP, judged and removed. See man/check_mail_roundtrip.1.
#include "crypto/random.h"
#include "plugin/guarded.h"
#include "plugins/check_mail_roundtrip/options.h"
#include "plugins/check_mail_roundtrip/progress.h"
#include "plugins/shared/run.h"
#include "plugins/shared/system_environment.h"

namespace {

using namespace mailcheck;

plugin::Outcome check(std::span<char*> arguments) {
  plugins::mail_roundtrip::Options options = plugins::mail_roundtrip::parse(arguments);
  const base::FileDescriptor transcript = plugins::open_transcript(options.common, input_files(options));
  plugins::SystemEnvironment environment(options.common.resolver);
  plugins::SecretReading reading{base::Deadline(environment.get().clock, options.common.timeout)};
  probe::RoundtripRequest request = make_request(options, reading);
  const plugins::mail_roundtrip::Limits limits = make_limits(options, reading);
  std::optional<dns::ServerRecords> records = record_source(options);
  plugins::mail_roundtrip::Progress progress(options.common.verbosity);
  if (records) request.records = &*records;
  request.progress = progress.teller();
  crypto::SystemRandom random;
  const probe::RoundtripFacts facts = probe::roundtrip(std::move(request), environment.get(), random);
  progress.end();
  return plugins::finish(judge(facts, limits), options.common, transcript);
}

}  // namespace

int main(int count, char** values) {
  const std::span<char*> arguments(values, static_cast<std::size_t>(count));
  plugins::set_up_process();
  return plugin::guarded("ROUNDTRIP", plugin::find_format(arguments), [&] { return check(arguments); });
}
