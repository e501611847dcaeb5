// check_mail_tls: the encryption of a mail port, judged in one probe without a log in. See man/check_mail_tls.1.
#include "http/curl_fetcher.h"
#include "plugin/guarded.h"
#include "plugins/check_mail_tls/options.h"
#include "plugins/shared/run.h"
#include "plugins/shared/system_environment.h"

namespace {

using namespace mailcheck;

plugin::Outcome check(std::span<char*> arguments) {
  const plugins::mail_tls::Options options = plugins::mail_tls::parse(arguments);
  const base::FileDescriptor transcript =
      plugins::open_transcript(options.common, plugins::input_files(options.tls, {}, ""));
  plugins::SystemEnvironment environment(options.common.resolver);
  plugins::SecretReading reading{base::Deadline(environment.get().clock, options.common.timeout)};
  const probe::TlsSurveyRequest request = make_request(options, reading);
  const plugins::mail_tls::Limits limits = make_limits(options, reading);
  dns::ServerRecords records = record_source(options);
  http::CurlFetcher fetcher;
  const probe::TlsSurveyFacts facts = probe::tls_survey(request, {environment.get(), records, fetcher});
  return plugins::finish(judge(facts, limits), options.common, transcript);
}

}  // namespace

int main(int count, char** values) {
  const std::span<char*> arguments(values, static_cast<std::size_t>(count));
  plugins::set_up_process();
  return plugin::guarded("MAIL TLS", plugin::find_format(arguments), [&] { return check(arguments); });
}
