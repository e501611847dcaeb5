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

std::string parse_error(const Words& words) {
  try {
    (void)parsed(words);
  } catch (const plugin::UsageError& usage) {
    return usage.text;
  }
  return "accepted";
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
  CHECK_FALSE(options.opens_for_writing);
  CHECK_FALSE(options.tls.is_insecure);
  CHECK(options.common.timeout == 10s);
  const auto request = requested({});
  CHECK(request.target.host == "mail.example.test");
  CHECK(request.target.port == 993);
  CHECK_FALSE(request.credentials.has_value());
  CHECK(request.tls.server_name == "mail.example.test");
  CHECK(request.tls.context != nullptr);
  CHECK(request.mailbox == "INBOX");
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
  for (const std::string label :
       {"quota", "quota_storage", "quota_storage_bytes", "quota_messages", "quota_messages_used"}) {
    CHECK(requested(with_user({"-w", label + "=5"})).measure.quota);
  }
  CHECK_FALSE(requested(with_user({})).measure.quota);
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
  CHECK(parse_error({"--tls", "starttls", "--stop-after", "greeting", "-D", "21"}) ==
        "--cert-days: cert_days needs TLS, which comes after --stop-after greeting");
  for (const Words& option : {Words{"--insecure"}, Words{"--verify-name", "a"}, Words{"--sni", "a"},
                              Words{"--tls-min-version", "1.3"}, Words{"--ca-path", "/"}}) {
    Words words = {"-p", "143", "--stop-after", "greeting"};
    words.insert(words.end(), option.begin(), option.end());
    CHECK(parse_error(words) == option.front() + ": needs TLS, which comes after --stop-after greeting");
    words[1] = "993";
    CHECK(parse_error(words) == "accepted");
  }
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

TEST_CASE("a threshold on a step that is never done is refused") {
  struct Row {
    std::string label;
    Words without;
    std::string why;
    Words with;
  };
  const Words greeting = {"--stop-after", "greeting"};
  const Words starttls = {"--tls", "starttls"};
  const Words starttls_greeting = {"--tls", "starttls", "--stop-after", "greeting"};
  const std::string early = "needs TLS, which comes after --stop-after greeting";
  const std::string open = "needs --user and an open mailbox";
  const std::string name = "needs a name to look up, neither --address nor a numeric --hostname";
  const auto row = GENERATE_COPY(values<Row>(
      {{"dns", {"--address", "192.0.2.1"}, name, {}},
       {"dns", {"-H", "192.0.2.1"}, name, {"--resolver", "192.0.2.1"}},
       {"capability", greeting, "contradicts --stop-after before capability", {"--stop-after", "capability"}},
       {"capability",
        {"--stop-after", "tls"},
        "contradicts --stop-after before capability",
        {"--tls", "starttls", "--stop-after", "tls"}},
       {"starttls", {}, "needs --tls starttls and no --stop-after greeting", starttls},
       {"starttls", starttls_greeting, "needs --tls starttls and no --stop-after greeting", {"-p", "143"}},
       {"tls", {"--tls", "none"}, "contradicts --tls none", greeting},
       {"tls", starttls_greeting, early, starttls},
       {"chain_days", starttls_greeting, early, starttls},
       {"auth", {}, "needs --user and no --stop-after before auth", with_user({"--refuse"})},
       {"auth", with_user(greeting), "needs --user and no --stop-after before auth",
        with_user({"--stop-after", "auth"})},
       {"select", {}, open, with_user({"--stop-after", "select"})},
       {"select", with_user({"--refuse"}), open, with_user({})},
       {"list", with_user({}), "needs --list", with_user({"--list", "Sent"})},
       {"search", with_user({}), "needs --search or a threshold on unseen", with_user({"--search", "ALL"})},
       {"fetch", with_user({}), "needs --fetch or a threshold on newest_age or oldest_age",
        with_user({"--fetch", "1"})},
       {"quota", {}, "needs --user and no --stop-after or --refuse", with_user({})}}));
  CAPTURE(row.label, row.without, row.with);
  for (const auto& [letter, option] : {std::pair{"-w", "--warning"}, std::pair{"-c", "--critical"}}) {
    Words without = {letter, row.label + "=5"};
    Words with = without;
    without.insert(without.end(), row.without.begin(), row.without.end());
    with.insert(with.end(), row.with.begin(), row.with.end());
    CHECK(parse_error(without) == std::string(option) + ": " + row.label + " " + row.why);
    CHECK(parse_error(with) == "accepted");
  }
}

TEST_CASE("a threshold on a count or an age brings its step along") {
  CHECK(parse_error(with_user({"-w", "search=1", "-w", "unseen=5"})) == "accepted");
  for (const std::string age : {"newest_age=5", "oldest_age=5"}) {
    CHECK(parse_error(with_user({"-w", "fetch=1", "-w", age})) == "accepted");
  }
  for (const std::string always : {"connect", "greeting", "logout", "total", "dns"}) {
    CHECK(parse_error({"-w", always + "=1", "--stop-after", "greeting"}) == "accepted");
  }
}

TEST_CASE("a mailbox that is never opened is refused") {
  const std::string text = "--mailbox: needs --user and no --stop-after before select, nor --refuse";
  CHECK(parse_error({"-m", "Archive"}) == text);
  CHECK(parse_error({"-m", "INBOX"}) == text);
  CHECK(parse_error(with_user({"-m", "Archive", "--refuse"})) == text);
  CHECK(parse_error(with_user({"-m", "Archive", "--stop-after", "auth"})) == text);
  CHECK(requested(with_user({"-m", "Archive", "--stop-after", "select"})).mailbox == "Archive");
}

TEST_CASE("what would be ignored is refused") {
  const Words external = {"--auth", "EXTERNAL", "--client-cert", "/dev/null", "-U", "probe"};
  const auto with = [](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  CHECK(parse_error(external) == "accepted");
  CHECK(parse_error(with(external, {"-P", "x"})) == "--auth: EXTERNAL contradicts --password");
  CHECK(parse_error(with(external, {"--oauth2-token-env", "HOME"})) ==
        "--auth: EXTERNAL contradicts --oauth2-token-env");
  CHECK(parse_error(with_user({"--oauth2-token-env", "HOME"})) == "--oauth2-token-env: contradicts --password");
  CHECK(parse_error(with_user({"--refuse", "--stop-after", "select"})) == "--refuse: contradicts --stop-after select");
  CHECK(parse_error(with_user({"--refuse", "--stop-after", "auth"})) == "accepted");
  CHECK(parse_error({"--address", "192.0.2.1", "--resolver", "192.0.2.1"}) == "--resolver: contradicts --address");
  CHECK(parse_error({"-H", "192.0.2.1", "--resolver", "192.0.2.1"}) == "--resolver: contradicts a numeric --hostname");
  CHECK(parse_error({"-H", "[2001:db8::1]", "--resolver", "::1"}) == "--resolver: contradicts a numeric --hostname");
  CHECK(parse_error({"--resolver", "192.0.2.1"}) == "accepted");
}

TEST_CASE("names of users are UTF-8") {
  CHECK(error({"-U", "j\xfcrgen", "-P", "x"}) == "--user: expected a value in UTF-8, got 'j?rgen'");
  CHECK(error(with_user({"--authzid", "\xff"})) == "--authzid: expected a value in UTF-8, got '?'");
  CHECK(requested({"-U", "j\xc3\xbcrgen", "-P", "x"}).credentials->user == "j\xc3\xbcrgen");
}
