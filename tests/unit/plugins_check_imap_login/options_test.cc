// The option table of check_imap_login as a whole: defaults, what follows from the TLS mode, what contradicts.
#include "plugins/check_imap_login/options.h"

#include "plugin/usage_error.h"
#include "plugins/check_imap_login/options_together.h"
#include "support/catch2.h"
#include "unit/cli/command_line.h"

using namespace mailcheck;
using namespace mailcheck::plugins::imap_login;
using namespace std::chrono_literals;
using plugins::SecretReading;
using probe::Encryption;
using probe::ImapStop;
using test::CommandLine;
using Words = std::vector<std::string>;

namespace {

SecretReading reading() {
  static const base::SystemClock clock;
  return {.deadline = base::Deadline(clock, 60s)};
}

Options parsed(const Words& words) {
  Words all = {"check_imap_login", "-H", "mail.example.test"};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : all) argv.push_back(word.data());
  return parse(argv);
}

// Without verification, so that a machine without CA certificates will do.
probe::ImapLoginRequest requested(Words words) {
  if (std::find(words.begin(), words.end(), "none") == words.end()) words.emplace_back("--insecure");
  Options options = parsed(words);
  SecretReading secrets = reading();
  return make_request(options, secrets);
}

std::string error(const Words& words) {
  try {
    (void)requested(words);
  } catch (const plugin::UsageError& usage) {
    return usage.text;
  }
  return "accepted";
}

Words with_user(Words words) {
  words.insert(words.end(), {"-U", "probe", "-P", "x"});
  return words;
}

}  // namespace

TEST_CASE("with a host alone: TLS at once on 993, verified, nobody logs in") {
  const Options options = parsed({});
  CHECK(encryption_of(options) == Encryption::implicit);
  CHECK(stop_of(options) == ImapStop::end);
  CHECK(options.mailbox == "INBOX");
  CHECK_FALSE(options.opens_for_writing);
  CHECK_FALSE(options.tls.is_insecure);
  CHECK(options.common.timeout == 10s);
  const auto request = requested({});
  CHECK(request.target.host == "mail.example.test");
  CHECK(request.target.port == 993);
  CHECK_FALSE(request.credentials.has_value());
  CHECK(request.tls.server_name == "mail.example.test");
  CHECK(request.tls.context != nullptr);
  CHECK(request.open_mode == imap::OpenMode::examine);
  CHECK(request.plain_text_auth == client::PlainTextAuth::refused);
  CHECK(request.recording == net::Recording::off);
  CHECK(request.fetch_newest == 0);
  CHECK_FALSE(request.measure.quota);
}

TEST_CASE("port and mode follow each other") {
  struct Row {
    Words words;
    Encryption encryption;
    int port;
  };
  const auto row = GENERATE(values<Row>({{{"--tls", "implicit"}, Encryption::implicit, 993},
                                         {{"-s"}, Encryption::implicit, 993},
                                         {{"-S"}, Encryption::implicit, 993},
                                         {{"--tls", "starttls"}, Encryption::starttls, 143},
                                         {{"--tls", "none"}, Encryption::none, 143},
                                         {{"-p", "993"}, Encryption::implicit, 993},
                                         {{"-p", "143"}, Encryption::starttls, 143},
                                         {{"-p", "10143"}, Encryption::starttls, 10143},
                                         {{"-p", "143", "-s"}, Encryption::implicit, 143},
                                         {{"-p", "993", "--tls", "none"}, Encryption::none, 993}}));
  CAPTURE(row.words);
  const auto request = requested(row.words);
  CHECK(request.encryption == row.encryption);
  CHECK(request.target.port == row.port);
  CHECK((request.tls.context != nullptr) == (row.encryption != Encryption::none));
}

TEST_CASE("a threshold switches its measurement on") {
  const auto request = requested(with_user({"-w", "unseen=5", "-c", "oldest_age=60", "-c", "quota_messages=:90"}));
  CHECK(request.measure.unseen);
  CHECK(request.measure.oldest_age);
  CHECK(request.measure.quota);
  CHECK_FALSE(request.measure.newest_age);
}

TEST_CASE("what is stopped before log in needs no secret, and reads none") {
  CHECK(error({"-U", "probe"}).starts_with("--user: needs --password-file"));
  for (const std::string stop : {"greeting", "tls", "capability"}) {
    CHECK_FALSE(requested({"-U", "probe", "--stop-after", stop}).credentials.has_value());
    CHECK_FALSE(requested({"-U", "probe", "--password-fd", "777", "--stop-after", stop}).credentials.has_value());
  }
  CHECK(error({"-U", "probe", "--stop-after", "auth"}).starts_with("--user: needs --password-file"));
}

TEST_CASE("the probe has the time that reading the secrets has left") {
  Options options = parsed({"--tls", "none", "-t", "5"});
  const base::SystemClock clock;
  SecretReading secrets{.deadline = base::Deadline(clock, options.common.timeout)};
  const auto request = make_request(options, secrets);
  CHECK(request.timeout <= 5s);
  CHECK(request.timeout > 4s);
}

TEST_CASE("a mechanism needs what proves the user by it") {
  const std::string password = "needs --password-file, --password-env or --password-fd";
  for (const std::string name : {"PLAIN", "LOGIN", "LOGIN-COMMAND", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256-PLUS"}) {
    CAPTURE(name);
    CHECK(error({"-U", "probe", "--auth", name}) == "--auth: " + name + " " + password);
    CHECK(error(with_user({"--auth", name})) == "accepted");
    CHECK(error({"-U", "probe", "--oauth2-token-env", "HOME", "--auth", name}) == "--auth: " + name + " " + password);
  }
  for (const std::string name : {"XOAUTH2", "OAUTHBEARER"}) {
    CHECK(error(with_user({"--auth", name})) == "--auth: " + name + " needs --oauth2-token-file or --oauth2-token-env");
  }
  CHECK(error(with_user({"--auth", "external"})) == "--auth: EXTERNAL needs --client-cert");
  CHECK(error({"-U", "probe", "--auth", "strongest"}).starts_with("--user: needs"));
  CHECK(error({"-U", "probe", "--auth", "PLAIN", "--stop-after", "capability"}) == "accepted");
}

TEST_CASE("an authorization identity needs a mechanism that has a place for it") {
  for (const std::string name : {"LOGIN", "CRAM-MD5", "LOGIN-COMMAND"}) {
    CHECK(error(with_user({"--authzid", "boss", "--auth", name})) ==
          "--authzid: contradicts --auth " + name + ", which has no place for it");
  }
  for (const std::string name : {"PLAIN", "SCRAM-SHA-1", "strongest"}) {
    CHECK(error(with_user({"--authzid", "boss", "--auth", name})) == "accepted");
  }
}

TEST_CASE("without TLS nothing of TLS can be asked for") {
  CHECK(error({"--tls", "none", "-D", "21"}) == "--cert-days: cert_days contradicts --tls none");
  CHECK(error({"--tls", "none", "-w", "chain_days=5:"}) == "--warning: chain_days contradicts --tls none");
  CHECK(error({"--tls", "none", "-c", "cert_days=5:"}) == "--critical: cert_days contradicts --tls none");
  CHECK(error({"--tls", "starttls", "--stop-after", "greeting", "-D", "21"}) ==
        "--cert-days: cert_days needs TLS, which comes after --stop-after greeting");
  CHECK(error({"--stop-after", "greeting", "-D", "21"}) == "accepted");
  CHECK(error(with_user({"--tls", "none", "--auth", "SCRAM-SHA-1-PLUS"})) ==
        "--auth: SCRAM-SHA-1-PLUS contradicts --tls none");
  CHECK(error({"--tls", "none", "--stop-after", "tls"}) == "--stop-after: tls contradicts --tls none");
  CHECK(error({"--allow-plaintext-auth"}) == "--allow-plaintext-auth: goes with --tls none only");
}

TEST_CASE("a threshold that can never be judged is told with the option that was given") {
  CHECK(error({"-w", "messages=5"}) == "--warning: messages needs --user and an open mailbox");
  CHECK(error({"-c", "messages=5"}) == "--critical: messages needs --user and an open mailbox");
  CHECK(error(with_user({"-c", "hits=5"})) == "--critical: hits needs --search");
  CHECK(error(with_user({"-w", "hits=5"})) == "--warning: hits needs --search");
  for (const std::string label : {"unseen", "newest_age", "oldest_age", "quota_storage", "quota_storage_bytes",
                                  "quota_messages", "quota_messages_used"}) {
    CHECK(error({"-c", label + "=5"}) == "--critical: " + label + " needs --user and no --stop-after or --refuse");
    CHECK(error(with_user({"-w", label + "=5", "--refuse"})) ==
          "--warning: " + label + " needs --user and no --stop-after or --refuse");
    CHECK(error(with_user({"-w", label + "=5"})) == "accepted");
  }
}

TEST_CASE("names of users are UTF-8") {
  CHECK(error({"-U", "j\xfcrgen", "-P", "x"}) == "--user: expected a value in UTF-8, got 'j?rgen'");
  CHECK(error(with_user({"--authzid", "\xff"})) == "--authzid: expected a value in UTF-8, got '?'");
  CHECK(requested({"-U", "j\xc3\xbcrgen", "-P", "x"}).credentials->user == "j\xc3\xbcrgen");
}
