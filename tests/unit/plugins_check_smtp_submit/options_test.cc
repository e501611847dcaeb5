// The option table of check_smtp_submit as a whole: defaults, what follows from mode and port, what contradicts.
#include "plugins/check_smtp_submit/options.h"

#include <algorithm>

#include "plugin/usage_error.h"
#include "plugins/check_smtp_submit/options_together.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::plugins::smtp_submit;
using namespace std::chrono_literals;
using plugins::SecretReading;
using probe::Encryption;
using probe::SmtpStop;
using Words = std::vector<std::string>;

namespace {

Options parsed(Words words) {
  const auto names_host = [](const std::string& word) { return word == "-H"; };
  if (std::none_of(words.begin(), words.end(), names_host)) words.insert(words.begin(), {"-H", "mail.example.test"});
  words.insert(words.begin(), "check_smtp_submit");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse(argv);
}

probe::SmtpSubmitRequest requested(const Words& words) {
  static const base::SystemClock clock;
  Options options = parsed(words);
  options.tls.is_insecure = true;  // so that a machine without CA certificates will do
  SecretReading reading{.deadline = base::Deadline(clock, 60s)};
  return make_request(options, reading);
}

std::string error(const Words& words) {
  try {
    (void)requested(words);
  } catch (const plugin::UsageError& usage) {
    return usage.text;
  }
  return "accepted";
}

Words enveloped(Words words) {
  words.insert(words.end(), {"--from", "a@example.test", "--to", "b@example.test"});
  return words;
}

Words with_user(Words words) {
  words.insert(words.end(), {"-U", "probe", "-P", "x"});
  return words;
}

}  // namespace

TEST_CASE("with a host alone: STARTTLS on 587, nobody logs in, nothing is offered") {
  const auto request = requested({});
  CHECK(request.encryption == Encryption::starttls);
  CHECK(request.target.port == 587);
  CHECK(request.target.unix_socket.empty());
  CHECK(request.hello == smtp::Hello::ehlo);
  CHECK_FALSE(request.credentials.has_value());
  CHECK_FALSE(request.envelope.has_value());
  CHECK_FALSE(request.message.has_value());
  CHECK_FALSE(request.proxy.has_value());
  CHECK(request.pipelining == probe::Pipelining::off);
  CHECK(request.stop_after == SmtpStop::end);
}

TEST_CASE("port and mode follow each other, for a submission") {
  struct Row {
    Words words;
    Encryption encryption;
    int port;
  };
  const auto row = GENERATE(values<Row>({{{"--tls", "implicit"}, Encryption::implicit, 465},
                                         {{"-s"}, Encryption::implicit, 465},
                                         {{"-p", "465"}, Encryption::implicit, 465},
                                         {{"-p", "25"}, Encryption::starttls, 25},
                                         {{"--tls", "none"}, Encryption::none, 587},
                                         {{"--lmtp"}, Encryption::starttls, 24},
                                         {{"--lmtp", "--tls", "none"}, Encryption::none, 24},
                                         {{"--lmtp", "-H", "/run/lmtp"}, Encryption::none, 0}}));
  CAPTURE(row.words);
  const auto request = requested(row.words);
  CHECK(request.encryption == row.encryption);
  CHECK(request.target.port == row.port);
}

TEST_CASE("a Unix socket is for LMTP and nothing of TCP") {
  const auto request = requested({"--lmtp", "-H", "/run/lmtp"});
  CHECK(request.target.unix_socket == "/run/lmtp");
  CHECK(request.hello == smtp::Hello::lhlo);
  CHECK(error({"-H", "/run/lmtp"}) == "--hostname: a Unix socket needs --lmtp");
  const Words wrong = GENERATE(values<Words>({{"-p", "24"},
                                              {"-4"},
                                              {"--address", "192.0.2.1"},
                                              {"--resolver", "192.0.2.1"},
                                              {"--proxy-protocol", "1"},
                                              {"--tls", "starttls"},
                                              {"-s"},
                                              {"--verify-name", "x.example.test"}}));
  CAPTURE(wrong);
  Words words = {"--lmtp", "-H", "/run/lmtp"};
  words.insert(words.end(), wrong.begin(), wrong.end());
  CHECK(error(words).ends_with("contradicts --hostname with a Unix socket"));
}

TEST_CASE("an envelope is offered, a message is made only to be sent") {
  auto request = requested(enveloped({}));
  REQUIRE(request.envelope.has_value());
  CHECK(request.envelope->from->text() == "a@example.test");
  CHECK(request.envelope->to.front().text() == "b@example.test");
  CHECK_FALSE(request.message.has_value());
  request = requested({"--from", "<>", "--to", "b@example.test", "--to", "c@example.test"});
  CHECK_FALSE(request.envelope->from.has_value());
  CHECK(request.envelope->to.size() == 2);
  request = requested(enveloped({"--send"}));
  REQUIRE(request.message.has_value());
  CHECK(request.message->subject == "check_smtp_submit probe");
  CHECK(request.message->message_id.ends_with("@example.test"));
  CHECK(request.message->message_id != requested(enveloped({"--send"})).message->message_id);
}

TEST_CASE("what is never done is refused") {
  struct Row {
    Words words;
    std::string error;
  };
  const auto row = GENERATE(values<Row>({
      {{"--to", "b@example.test"}, "--to: needs --from"},
      {{"--from", "a@example.test"}, "--from: needs --to, or --stop-after mail"},
      {{"--from", "a@example.test", "--stop-after", "mail"}, "accepted"},
      {{"--send"}, "--send: needs --from and --to, and no --stop-after before data"},
      {enveloped({"--send", "--stop-after", "rcpt"}), "--send: needs --from and --to, and no --stop-after before data"},
      {enveloped({"--send", "--stop-after", "data"}), "accepted"},
      {enveloped({"--stop-after", "data"}), "--stop-after: data needs --send"},
      {enveloped({"--subject", "x"}), "--subject: needs --send"},
      {enveloped({"--header", "X-A: b"}), "--header: needs --send"},
      {{"--pipelining"}, "--pipelining: needs --from and --to, and no --stop-after before rcpt"},
      {{"--stop-after", "mail"}, "--stop-after: mail needs --from"},
      {{"--stop-after", "rcpt"}, "--stop-after: rcpt needs --from and --to"},
      {{"--stop-after", "auth"}, "--stop-after: auth needs --user"},
      {{"--stop-after", "tls", "--tls", "none"}, "--stop-after: tls contradicts --tls none"},
      {{"--open-relay-test"}, "--open-relay-test: needs --from and --to, and no --stop-after before rcpt"},
      {with_user(enveloped({"--open-relay-test"})), "--open-relay-test: contradicts --user"},
      {enveloped({"--open-relay-test", "--send"}), "--open-relay-test: contradicts --send"},
      {enveloped({"--open-relay-test", "--expect", "rcpt=550"}), "--expect: rcpt contradicts --open-relay-test"},
      {enveloped({"--open-relay-test"}), "accepted"},
      {{"--expect", "auth=535"}, "--expect: auth needs --user, and no --stop-after before auth"},
      {{"--expect", "rcpt=550"}, "--expect: rcpt needs --from and --to, and no --stop-after before rcpt"},
      {enveloped({"--expect", "rcpt=550"}), "accepted"},
      {enveloped({"--expect", "data=250"}), "--expect: data needs --send"},
      {enveloped({"--expect", "rcpt=550", "--expect", "rcpt=551"}),
       "--expect: rcpt is expected twice; write its codes with commas"},
      {{"--expect", "starttls=220", "--tls", "none"},
       "--expect: starttls needs --tls starttls, and no --stop-after before tls"},
      {{"--expect-extension", "SIZE", "--stop-after", "greeting"},
       "--expect-extension: contradicts --stop-after before ehlo"},
      {{"-e", "x", "--stop-after", "connect"}, "--expect-greeting: contradicts --stop-after connect"},
      {{"-w", "data=1"}, "--warning: data needs --send"},
      {{"-c", "auth=1"}, "--critical: auth needs --user, and no --stop-after before auth"},
      {with_user({"-c", "auth=1"}), "accepted"},
      {{"-c", "starttls=1", "-s"}, "--critical: starttls needs --tls starttls, and no --stop-after before tls"},
      {{"-D", "21,7", "--tls", "none"}, "--cert-days: cert_days needs TLS, and no --stop-after before it"},
      {{"-D", "21,7", "--stop-after", "ehlo"}, "--cert-days: cert_days needs TLS, and no --stop-after before it"},
      {{"-D", "21,7", "--stop-after", "ehlo", "-s"}, "accepted"},
      {{"--verify-name", "x.example.test", "--stop-after", "ehlo"},
       "--verify-name: needs TLS, which comes after the --stop-after that is given"},
      {{"--address", "192.0.2.1", "--resolver", "192.0.2.2"}, "--resolver: contradicts --address"},
      {with_user({"--auth", "SCRAM-SHA-256-PLUS", "--tls", "none"}),
       "--auth: SCRAM-SHA-256-PLUS contradicts --tls none"},
      {with_user({"--allow-plaintext-auth"}), "--allow-plaintext-auth: goes with --tls none only"},
  }));
  CAPTURE(row.words);
  CHECK(error(row.words) == row.error);
}

TEST_CASE("nothing that is no address, header or name gets through") {
  struct Row {
    std::string option;
    std::string value;
  };
  const auto row = GENERATE(values<Row>({{"--from", ""},
                                         {"--from", "a@b\r\nRCPT TO:<c@d>"},
                                         {"--from", "a@b.test,c@d.test"},
                                         {"--from", "a@b.test c@d.test"},
                                         {"--from", "Name <a@b.test>"},
                                         {"--to", "<>"},
                                         {"--to", "a@b@c"},
                                         {"--to", "@b.test"},
                                         {"--subject", ""},
                                         {"--subject", "x\nBcc: y@z"},
                                         {"--header", "X-A"},
                                         {"--header", "X A: b"},
                                         {"--header", "X-A: b\r\nBcc: y@z"},
                                         {"--helo", "two words"},
                                         {"--helo", "m\u00fcller.test"},
                                         {"--expect-extension", "!"},
                                         {"--expect-extension", ""},
                                         {"--proxy-protocol", "3"},
                                         {"--body-file", "/no/such/file"}}));
  CAPTURE(row.option, row.value);
  Words words = enveloped({"--send"});
  words.insert(words.end(), {row.option, row.value});  // the last one counts
  CHECK(error(words).starts_with(row.option + ":"));
}
