// The option table of check_mail_roundtrip as a whole: what holds for which side, defaults, what contradicts.
#include "plugins/check_mail_roundtrip/options.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/ascii.h"
#include "plugin/usage_error.h"
#include "plugins/check_mail_roundtrip/options_together.h"
#include "plugins/shared/hello_name.h"
#include "support/catch2.h"
#include "unit/plugins_check_mail_roundtrip/option_words.h"

using namespace mailcheck;
using namespace mailcheck::plugins::mail_roundtrip;
using namespace std::chrono_literals;
using mailcheck::test::error;
using mailcheck::test::parsed;
using mailcheck::test::requested;
using mailcheck::test::Words;
using plugins::SecretReading;
using probe::Encryption;

namespace {

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string password(const std::optional<sasl::Credentials>& credentials) {
  if (!credentials) return "(nobody)";
  return credentials->password ? std::string(credentials->password->expose()) : "(no password)";
}

// Everything that is required but log in.
const Words kEnds = {"-H", "mail.example.test", "--from", "a@example.test", "--to", "b@example.test"};
const Words kMinimum = with(kEnds, {"-U", "probe", "-P", "secret"});

}  // namespace

TEST_CASE("with what is required: submission on 587, IMAP on 993, both as the same user") {
  const auto request = requested(kMinimum);
  CHECK(request.submission.target.host == "mail.example.test");
  CHECK(request.submission.target.port == 587);
  CHECK(request.submission.encryption == Encryption::starttls);
  CHECK(request.submission.credentials->user == "probe");
  CHECK(password(request.submission.credentials) == "secret");
  CHECK(request.submission.credentials->port == 587);
  CHECK(request.submission.envelope->from->text() == "a@example.test");
  REQUIRE(request.submission.envelope->to.size() == 1);
  CHECK(request.submission.envelope->to.front().text() == "b@example.test");
  CHECK(request.submission.message->subject == "check_mail_roundtrip probe");
  CHECK(request.submission.message->body.find("check_mail_roundtrip") != std::string::npos);
  CHECK(request.submission.pipelining == probe::Pipelining::off);
  const auto& login = request.watch.login;
  CHECK(login.target.host == "mail.example.test");
  CHECK(login.target.port == 993);
  CHECK(login.encryption == Encryption::implicit);
  CHECK(login.mailbox == "INBOX");
  CHECK(password(login.credentials) == "secret");
  CHECK(login.credentials->port == 993);
  CHECK(request.watch.junk == probe::JunkFolder::find);
  CHECK(request.watch.disposal == probe::Disposal::expunge);
  CHECK(request.watch.poll.how == probe::Poll::How::automatic);
  CHECK(request.state_folder.empty());
  CHECK(request.lost_after == 3600s);
  CHECK(request.lost_reports == 5);
  CHECK_FALSE(request.wait.has_value());
  CHECK(request.records == nullptr);
  CHECK(parsed(kMinimum).common.timeout == 50s);
}

TEST_CASE("port and mode follow each other, on each side") {
  struct Row {
    Words words;
    Encryption smtp;
    int smtp_port;
    Encryption imap;
    int imap_port;
  };
  using enum Encryption;
  const auto row = GENERATE(values<Row>({{{}, starttls, 587, implicit, 993},
                                         {{"--tls", "implicit"}, implicit, 465, implicit, 993},
                                         {{"-s"}, implicit, 465, implicit, 993},
                                         {{"--tls", "starttls"}, starttls, 587, starttls, 143},
                                         {{"--tls", "none"}, none, 587, none, 143},
                                         {{"--tls", "none", "--imap-tls", "implicit"}, none, 587, implicit, 993},
                                         {{"--tls", "none", "--smtp-require-tls"}, starttls, 587, none, 143},
                                         {{"-s", "--smtp-require-tls"}, implicit, 465, implicit, 993},
                                         {{"--smtp-port", "465"}, implicit, 465, implicit, 993},
                                         {{"--smtp-port", "25"}, starttls, 25, implicit, 993},
                                         {{"--imap-port", "143"}, starttls, 587, starttls, 143},
                                         {{"--imap-port", "10993"}, starttls, 587, starttls, 10993},
                                         {{"--imap-ssl", "--imap-port", "1"}, starttls, 587, implicit, 1}}));
  CAPTURE(row.words);
  const auto request = requested(with(kMinimum, row.words));
  CHECK(request.submission.encryption == row.smtp);
  CHECK(request.submission.target.port == row.smtp_port);
  CHECK(request.watch.login.encryption == row.imap);
  CHECK(request.watch.login.target.port == row.imap_port);
}

TEST_CASE("an option of a side wins there over the one for both, whatever their order") {
  const auto request =
      requested(with({"--smtp-hostname", "mx.example.test", "--imap-user", "reader", "--smtp-sni", "sni.example.test",
                      "--imap-verify-name", "v.example.test", "--imap-address", "192.0.2.2", "--smtp-ipv6",
                      "--smtp-tls-min-version", "1.3", "--imap-auth", "LOGIN-COMMAND", "--smtp-authzid", "boss"},
                     with(kMinimum, {"--sni", "both.example.test", "--verify-name", "w.example.test", "--address",
                                     "2001:db8::1", "--auth", "PLAIN"})));
  const auto& smtp = request.submission;
  const auto& imap = request.watch.login;
  CHECK(smtp.target.host == "mx.example.test");
  CHECK(imap.target.host == "mail.example.test");
  CHECK(smtp.credentials->user == "probe");
  CHECK(smtp.credentials->host == "mx.example.test");
  CHECK(smtp.credentials->authorization == "boss");
  CHECK(imap.credentials->user == "reader");
  CHECK(imap.credentials->authorization.empty());
  CHECK(smtp.mechanism == "PLAIN");
  CHECK(imap.mechanism == "LOGIN-COMMAND");
  CHECK(smtp.tls.server_name == "sni.example.test");
  CHECK(imap.tls.server_name == "both.example.test");
  CHECK(smtp.tls.verify_names == std::vector<std::string>{"w.example.test"});
  CHECK(imap.tls.verify_names == std::vector<std::string>{"v.example.test"});
  CHECK(smtp.tls.minimum_version == tls::Version::tls1_3);
  CHECK(imap.tls.minimum_version == tls::Version::tls1_2);
  CHECK(smtp.target.addresses.front().to_string() == "2001:db8::1");
  CHECK(imap.target.addresses.front().to_string() == "192.0.2.2");
  CHECK(smtp.target.family == dns::Family::ipv6);
  CHECK(imap.target.family == dns::Family::any);
}

TEST_CASE("trust is the side's or that for both, never a mixture; names are each host's own") {
  const test::Folder folder;
  const auto options = parsed(with(
      kMinimum, {"--ca-path", folder.path(), "--imap-ca-file", "/dev/null", "--imap-hostname", "imap.example.test"}));
  const Leg smtp = smtp_leg(options);
  const Leg imap = imap_leg(options);
  CHECK(smtp.tls.ca_path == folder.path());
  CHECK(smtp.tls.ca_file.empty());
  CHECK(imap.tls.ca_file == "/dev/null");
  CHECK(imap.tls.ca_path.empty());
  const auto request = requested(with(kMinimum, {"--imap-hostname", "imap.example.test"}));
  CHECK(request.submission.tls.server_name == "mail.example.test");
  CHECK(request.watch.login.tls.server_name == "imap.example.test");
  CHECK(request.watch.login.tls.verify_names == std::vector<std::string>{"imap.example.test"});
}

TEST_CASE("sides that trust the same read it once") {
  auto request = requested(kMinimum);
  REQUIRE(request.submission.tls.context != nullptr);
  CHECK(request.submission.tls.context == request.watch.login.tls.context);
  request = requested(with(kMinimum, {"--imap-tls-min-version", "1.3"}));
  CHECK(request.submission.tls.context != request.watch.login.tls.context);
  request = requested(with(kMinimum, {"--smtp-tls", "none"}));
  CHECK(request.submission.tls.context == nullptr);
  CHECK(request.watch.login.tls.context != nullptr);
}

TEST_CASE("a certificate of a side stands with its own key only") {
  const auto options = parsed(
      with(kMinimum, {"--client-cert", "/dev/null", "--client-key", "/dev/null", "--smtp-client-cert", "/dev/zero"}));
  CHECK(smtp_leg(options).tls.client_certificate == "/dev/zero");
  CHECK(smtp_leg(options).tls.client_key.empty());
  CHECK(imap_leg(options).tls.client_key == "/dev/null");
}

TEST_CASE("a file that cannot be used is named as it was given") {
  const test::Folder folder;
  const std::string file = folder.write("broken.pem", "no certificate");
  CHECK(error(with(kMinimum, {"--ca-file", file})).starts_with("--ca-file: "));
  CHECK(error(with(kMinimum, {"--imap-ca-file", file})).starts_with("--imap-ca-file: "));
  CHECK(error(with(kMinimum, {"--smtp-client-cert", file})).starts_with("--smtp-client-cert: "));
}

TEST_CASE("a secret that both sides share is read once and given to both") {
  const test::Folder folder;
  SECTION("a variable") {
    const test::Variable variable("MAILCHECK_TEST_SECRET", "from-env");
    const auto request = requested(with(kEnds, {"-U", "probe", "--password-env", "MAILCHECK_TEST_SECRET"}));
    CHECK(password(request.submission.credentials) == "from-env");
    CHECK(password(request.watch.login.credentials) == "from-env");
  }
  SECTION("a variable that each side names") {
    const test::Variable variable("MAILCHECK_TEST_SECRET", "from-env");
    const auto request = requested(with(kEnds, {"-U", "probe", "--smtp-password-env", "MAILCHECK_TEST_SECRET",
                                                "--imap-password-env", "MAILCHECK_TEST_SECRET"}));
    CHECK(password(request.submission.credentials) == "from-env");
    CHECK(password(request.watch.login.credentials) == "from-env");
  }
  SECTION("a descriptor") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], "from-fd\n", 8) == 8);
    ::close(ends[1]);
    const auto request = requested(with(kEnds, {"-U", "probe", "--password-fd", std::to_string(ends[0])}));
    CHECK(password(request.submission.credentials) == "from-fd");
    CHECK(password(request.watch.login.credentials) == "from-fd");
  }
  SECTION("a token") {
    const test::Variable variable("MAILCHECK_TEST_SECRET", "token");
    const auto request = requested(with(kEnds, {"-U", "probe", "--oauth2-token-env", "MAILCHECK_TEST_SECRET"}));
    CHECK(request.submission.credentials->token->expose() == "token");
    CHECK(request.watch.login.credentials->token->expose() == "token");
    CHECK_FALSE(request.submission.credentials->password.has_value());
  }
  SECTION("a file that everyone may read is noted once") {
    const std::string file = folder.write("password", "from-file\n");
    auto options = parsed(with(kEnds, {"-U", "probe", "--password-file", file, "--insecure"}));
    const base::SystemClock clock;
    SecretReading reading{base::Deadline(clock, 60s)};
    const auto request = make_request(options, reading);
    CHECK(password(request.submission.credentials) == "from-file");
    CHECK(make_limits(options, reading).readable_secret_files == std::vector<std::string>{file});
  }
}

TEST_CASE("a side's own secret replaces that for both, of whatever kind") {
  const test::Folder folder;
  const std::string file = folder.write("password", "of-imap\n");
  auto request = requested(with(kMinimum, {"--imap-password-file", file}));
  CHECK(password(request.submission.credentials) == "secret");
  CHECK(password(request.watch.login.credentials) == "of-imap");
  request = requested(with(kEnds, {"-U", "probe", "--smtp-password", "one", "--imap-password", "two"}));
  CHECK(password(request.submission.credentials) == "one");
  CHECK(password(request.watch.login.credentials) == "two");
  request = requested(with(kMinimum, {"--smtp-oauth2-token-file", file}));
  CHECK_FALSE(request.submission.credentials->password.has_value());
  CHECK(request.submission.credentials->token->expose() == "of-imap");
  CHECK(password(request.watch.login.credentials) == "secret");
}

TEST_CASE("IMAP needs a user; SMTP does without") {
  CHECK(requested(with(kEnds, {"--imap-user", "u", "--imap-password", "x"})).submission.credentials == std::nullopt);
  const auto request = requested(with(kMinimum, {"--smtp-user", "", "--smtp-port", "25"}));
  CHECK_FALSE(request.submission.credentials.has_value());
  CHECK(password(request.watch.login.credentials) == "secret");
  CHECK(requested(with(kEnds, {"--imap-user", "u", "--password", "x", "--auth", "LOGIN-COMMAND"}))
            .submission.mechanism.empty());
}

TEST_CASE("the sender's mailbox is looked into if it has a user of its own") {
  CHECK_FALSE(requested(kMinimum).bounces.has_value());
  const auto request = requested(with(kMinimum, {"--bounce-user", "sender", "--bounce-hostname", "b.example.test",
                                                 "--bounce-password", "other", "--keep"}));
  REQUIRE(request.bounces.has_value());
  const auto& login = request.bounces->login;
  CHECK(login.target.host == "b.example.test");
  CHECK(login.target.port == 993);
  CHECK(login.credentials->user == "sender");
  CHECK(password(login.credentials) == "other");
  CHECK(login.tls.server_name == "b.example.test");
  CHECK(login.mailbox == "INBOX");
  CHECK(request.bounces->junk == probe::JunkFolder::none);
  CHECK(request.bounces->disposal == probe::Disposal::keep);
  CHECK(password(requested(with(kMinimum, {"--bounce-user", "sender"})).bounces->login.credentials) == "secret");
  CHECK(error(with(kMinimum, {"--bounce-password", "x"})) == "--bounce-password: needs --bounce-user");
  CHECK(error(with(kMinimum, {"--bounce-port", "143"})) == "--bounce-port: needs --bounce-user");
  CHECK(error(with(kMinimum, {"--bounce-user", "s", "--bounce-tls", "none", "--bounce-sni", "x"})) ==
        "--bounce-sni: contradicts --bounce-tls none");
  const Words apart = {"--smtp-hostname", "a", "--imap-hostname", "b", "--from", "a@b.test", "--to", "c@b.test"};
  CHECK(error(with(apart, {"-U", "u", "-P", "x", "--bounce-user", "s"})) ==
        "--bounce-user: needs --bounce-hostname, or --hostname");
}

TEST_CASE("a plain connection carries the password where it was allowed") {
  const auto request = requested(with(kMinimum, {"--smtp-tls", "none", "--allow-plaintext-auth"}));
  CHECK(request.submission.plain_text_auth == client::PlainTextAuth::allowed);
  CHECK(request.watch.login.plain_text_auth == client::PlainTextAuth::refused);
}

TEST_CASE("own options land in their place") {
  const test::Folder folder;
  const std::string body = folder.write("body.txt", "Grüße\n");
  const auto request = requested(with(kMinimum, {"--subject",
                                                 "probe",
                                                 "--header",
                                                 "X-A: b",
                                                 "--header",
                                                 "From: c@example.test",
                                                 "--body-file",
                                                 body,
                                                 "--helo",
                                                 "probe.example.test",
                                                 "-m",
                                                 "Eingang/Prüfung",
                                                 "--junk",
                                                 "Spam",
                                                 "--trash",
                                                 "Müll",
                                                 "--poll",
                                                 "0.5",
                                                 "--wait",
                                                 "30",
                                                 "--state-dir",
                                                 folder.path(),
                                                 "--lost-after",
                                                 "600",
                                                 "--lost-runs",
                                                 "3",
                                                 "--authserv-id",
                                                 "mx.example.test",
                                                 "--authserv-id",
                                                 "",
                                                 "--smtp-proxy-protocol",
                                                 "2"}));
  CHECK(request.submission.message->subject == "probe");
  CHECK(request.submission.message->headers.size() == 2);
  CHECK(request.submission.message->body == "Grüße\n");
  CHECK(request.submission.hello_name == "probe.example.test");
  CHECK(request.submission.proxy == net::ProxyVersion::v2);
  CHECK(request.watch.login.mailbox == "Eingang/Pr&APw-fung");
  CHECK(request.watch.junk == probe::JunkFolder::named);
  CHECK(request.watch.junk_name == "Spam");
  CHECK(request.watch.disposal == probe::Disposal::move_to_trash);
  CHECK(request.watch.trash_name == "M&APw-ll");
  CHECK(request.watch.poll.how == probe::Poll::How::every);
  CHECK(request.watch.poll.interval == 500ms);
  CHECK(request.wait == 30s);
  CHECK(request.state_folder == folder.path());
  CHECK(request.lost_after == 600s);
  CHECK(request.lost_reports == 3);
  CHECK(request.authserv_ids == std::vector<std::string>{"mx.example.test", ""});
}

TEST_CASE("other ways to watch and to clean up") {
  auto request = requested(with(kMinimum, {"--junk", "none", "--keep", "--poll", "IDLE"}));
  CHECK(request.watch.junk == probe::JunkFolder::none);
  CHECK(request.watch.disposal == probe::Disposal::keep);
  CHECK(request.watch.poll.how == probe::Poll::How::idle);
  request = requested(with(kMinimum, {"--trash", "auto"}));
  CHECK(request.watch.disposal == probe::Disposal::move_to_trash);
  CHECK(request.watch.trash_name.empty());
}

TEST_CASE("the identity is the check's: of machine, account, from and to, or of --id") {
  const std::string host = plugins::own_host_name();
  CHECK(requested(kMinimum).identity == host + "\nprobe@mail.example.test:993\na@example.test\nb@example.test");
  CHECK(requested(with(kMinimum, {"--subject", "x", "--smtp-port", "25"})).identity == requested(kMinimum).identity);
  CHECK(requested(with(kMinimum, {"--imap-user", "v"})).identity != requested(kMinimum).identity);
  CHECK(requested(with(kMinimum, {"--to", "c@example.test"})).identity != requested(kMinimum).identity);
  CHECK(requested(with(kMinimum, {"--id", "mx1"})).identity == "id\nmx1");
}

TEST_CASE("records are asked for only where a resolver is named") {
  CHECK_FALSE(record_source(parsed(kMinimum)).has_value());
  const auto records = record_source(parsed(with(kMinimum, {"--resolver", "192.0.2.53"})));
  REQUIRE(records.has_value());
  CHECK(records->name().find("192.0.2.53") != std::string::npos);
}

TEST_CASE("the judge gets the limits of both sides") {
  const base::SystemClock clock;
  const SecretReading reading{base::Deadline(clock, 60s)};
  const auto limits = [&](const Words& words) { return make_limits(parsed(with(kMinimum, words)), reading); };
  const Limits plain = limits({});
  CHECK(plain.smtp_user == "probe");
  CHECK(plain.imap_user == "probe");
  CHECK_FALSE(plain.is_smtp_insecure);
  CHECK(plain.required.empty());
  CHECK_FALSE(plain.alignment.has_value());
  CHECK(plain.greylist_tolerance == 1800s);
  CHECK(plain.poller == plugins::own_host_name());
  const Limits more = limits({"--smtp-user", "", "--imap-insecure", "--authserv-id", "x", "--require", "dmarc,SPF",
                              "--alignment", "strict", "--state-dir", "/tmp", "--greylist-tolerance", "0"});
  CHECK(more.smtp_user.empty());
  CHECK_FALSE(more.is_smtp_insecure);
  CHECK(more.is_imap_insecure);
  CHECK(more.required == std::vector<std::string>{"spf", "dmarc"});
  CHECK(more.alignment == mail::AlignmentMode::strict);
  CHECK(more.greylist_tolerance == 0s);
  CHECK(limits({"-w", "5"}).thresholds.has("total"));
}

TEST_CASE("-D is for the certificates that there are") {
  const base::SystemClock clock;
  const SecretReading reading{base::Deadline(clock, 60s)};
  const auto labels = [&](const Words& words) {
    return make_limits(parsed(with(kMinimum, words)), reading).thresholds.labels();
  };
  using Labels = std::vector<std::string>;
  CHECK(labels({"-D", "21,7"}) == Labels{"smtp_cert_days", "smtp_chain_days", "imap_cert_days", "imap_chain_days"});
  CHECK(labels({"-D", "21,7", "--smtp-tls", "none"}) == Labels{"imap_cert_days", "imap_chain_days"});
  CHECK(labels({"-w", "imap_cert_days=9:"}) == Labels{"imap_cert_days"});
}

TEST_CASE("what is missing is named") {
  struct Row {
    Words words;
    std::string error;
  };
  const std::string host =
      "--hostname: expected HOST, got nothing; it is required, or --smtp-hostname and --imap-hostname";
  const Words ends = {"--from", "a@example.test", "--to", "b@example.test"};
  const Words log_in = {"-U", "u", "-P", "x"};
  const auto row = GENERATE_COPY(values<Row>(
      {{with(ends, log_in), host},
       {with(ends, with(log_in, {"--smtp-hostname", "a"})), host},
       {with(ends, with(log_in, {"--imap-hostname", "a"})), host},
       {with(ends, with(log_in, {"--imap-hostname", "a", "--smtp-hostname", "b"})), "accepted"},
       {with(log_in, {"-H", "a", "--to", "b@example.test"}), "--from: expected ADDRESS, got nothing; it is required"},
       {with(log_in, {"-H", "a", "--from", "b@example.test"}), "--to: expected ADDRESS, got nothing; it is required"},
       {with(ends, {"-H", "a"}), "--user: expected USER, got nothing; IMAP needs it, or --imap-user"},
       {with(ends, {"-H", "a", "--smtp-user", "u", "-P", "x"}),
        "--user: expected USER, got nothing; IMAP needs it, or --imap-user"},
       {with(ends, {"-H", "a", "-U", "u"}),
        "--user: needs --password-file, --password-env, --password-fd, --oauth2-token-file, --oauth2-token-env or "
        "--client-cert"},
       {with(ends, {"-H", "a", "-U", "u", "--smtp-password", "x"}),
        "--user: needs --password-file, --password-env, --password-fd, --oauth2-token-file, --oauth2-token-env or "
        "--client-cert"},
       {with(ends, {"-H", "a", "--imap-user", "u", "--imap-password", "x", "--smtp-user", "v"}),
        "--smtp-user: needs --password-file, --password-env, --password-fd, --oauth2-token-file, --oauth2-token-env "
        "or --client-cert"}}));
  CAPTURE(row.words);
  CHECK(error(row.words) == row.error);
}

TEST_CASE("what contradicts is refused, and named as it was given") {
  struct Row {
    Words words;
    std::string error;
  };
  const auto row = GENERATE(values<Row>({
      {{"-p", "25"}, "--port: which side? use --smtp-port or --imap-port"},
      {{"--keep", "--trash", "auto"}, "--keep: contradicts --trash"},
      {{"--junk", "inbox"}, "--junk: is the folder of --mailbox"},
      {{"--trash", "INBOX"}, "--trash: is the folder of --mailbox"},
      {{"--trash", "Spam", "--junk", "Spam"}, "--trash: is the folder of --junk"},
      {{"--wait", "0"}, "--wait: 0 needs --state-dir, or nobody ever looks"},
      {{"--wait", "0", "--state-dir", "/tmp"}, "accepted"},
      {{"--wait", "60"}, "--wait: 60 is longer than --timeout 50, which ends the run before"},
      {{"--wait", "60", "-t", "90"}, "accepted"},
      {{"--poll", "60"}, "--poll: 60 is longer than --timeout 50"},
      {{"--poll", "idle"}, "accepted"},
      {{"--lost-after", "60"}, "accepted"},
      {{"--lost-after", "60", "--keep"}, "--lost-after: needs --state-dir where --keep removes nothing"},
      {{"--lost-runs", "3"}, "--lost-runs: needs --state-dir"},
      {{"--greylist-tolerance", "3"}, "--greylist-tolerance: needs --state-dir (or --result greylisted=critical)"},
      {{"--require", "spf"}, "--require: needs --authserv-id"},
      {{"--alignment", "strict"}, "--alignment: needs --authserv-id"},
      {{"--tls", "none", "--ca-file", "/dev/null"}, "--ca-file: needs TLS, which neither side has"},
      {{"--smtp-tls", "none", "--imap-tls", "none", "--insecure"}, "--insecure: needs TLS, which neither side has"},
      {{"--tls", "none", "--imap-sni", "x"}, "--imap-sni: contradicts --tls none"},
      {{"--smtp-tls", "none", "--smtp-sni", "x"}, "--smtp-sni: contradicts --smtp-tls none"},
      {{"--imap-tls", "none", "--sni", "x"}, "accepted"},
      {{"--allow-plaintext-auth"}, "--allow-plaintext-auth: goes with --tls none only"},
      {{"--smtp-allow-plaintext-auth", "--imap-tls", "none"}, "--smtp-allow-plaintext-auth: goes with --tls none only"},
      {{"--imap-tls", "none", "--allow-plaintext-auth"}, "accepted"},
      {{"--auth", "LOGIN-COMMAND"}, "--auth: LOGIN-COMMAND is a command of IMAP; use --imap-auth"},
      {{"--auth", "LOGIN-COMMAND", "--smtp-auth", "PLAIN"}, "accepted"},
      {{"--auth", "LOGIN-COMMAND", "--smtp-user", ""}, "accepted"},
      {{"--auth", "SCRAM-SHA-1-PLUS", "--imap-tls", "none"}, "--auth: SCRAM-SHA-1-PLUS contradicts --tls none"},
      {{"--imap-auth", "XOAUTH2"}, "--imap-auth: XOAUTH2 needs --oauth2-token-file or --oauth2-token-env"},
      {{"--smtp-auth", "EXTERNAL", "--client-cert", "/dev/null"}, "--smtp-auth: EXTERNAL contradicts --password"},
      {{"--smtp-authzid", "x", "--auth", "LOGIN"},
       "--smtp-authzid: contradicts --auth LOGIN, which has no place for it"},
      {{"--smtp-user", "", "--smtp-auth", "PLAIN"}, "--smtp-auth: contradicts --smtp-user ''"},
      {{"--smtp-user", "", "--smtp-password", "x"}, "--smtp-password: contradicts --smtp-user ''"},
      {{"-P", "x", "--password-fd", "3"}, "--password: contradicts --password-fd"},
      {{"--smtp-password", "x", "--smtp-password-fd", "3"}, "--smtp-password: contradicts --smtp-password-fd"},
      {{"-4", "--imap-address", "2001:db8::1"}, "--ipv4: contradicts --imap-address 2001:db8::1"},
      {{"--smtp-ipv6", "--smtp-hostname", "192.0.2.1"}, "--smtp-ipv6: contradicts --smtp-hostname 192.0.2.1"},
      {{"--address", "192.0.2.1", "--resolver", "192.0.2.2"}, "--resolver: needs a name to look up, or --authserv-id"},
      {{"--address", "192.0.2.1", "--resolver", "192.0.2.2", "--authserv-id", "x"}, "accepted"},
      {{"--imap-address", "192.0.2.1", "--resolver", "192.0.2.2"}, "accepted"},
      {{"--header", "x-mailcheck-roundtrip: id=1"},
       "--header: expected another name than X-Mailcheck-Roundtrip, which is made here, got 'x-mailcheck-roundtrip: "
       "id=1'"},
      {{"--header", "Subject: x"}, "--header: expected the subject by --subject, got 'Subject: x'"},
  }));
  CAPTURE(row.words);
  CHECK(error(with(kMinimum, row.words)) == row.error);
}

TEST_CASE("an option for both that no side has a use for is refused without log in too") {
  const Words imap_only = with(kEnds, {"--imap-user", "u", "--imap-password", "x"});
  CHECK(error(imap_only) == "accepted");
  CHECK(error(with(imap_only, {"--smtp-password", "x"})) == "--smtp-password: needs --smtp-user");
  CHECK(error(with(imap_only, {"--smtp-auth", "PLAIN"})) == "--smtp-auth: needs --smtp-user");
  CHECK(error(with(imap_only, {"--smtp-tls", "none", "--smtp-allow-plaintext-auth"})) ==
        "--smtp-allow-plaintext-auth: needs --smtp-user");
}

TEST_CASE("a threshold on what can never be there is refused") {
  struct Row {
    Words words;
    std::string error;
  };
  const auto row = GENERATE(values<Row>({
      {{"-w", "5", "-c", "transit=10", "-w", "hops=9", "-w", "spam_score=5", "-w", "smtp_body=1"}, "accepted"},
      {{"-w", "pending=0"}, "--warning: pending needs --state-dir"},
      {{"-c", "lost=0"}, "--critical: lost needs --state-dir"},
      {{"-c", "lost=0", "--state-dir", "/tmp"}, "accepted"},
      {{"-w", "junk=0", "--junk", "none"}, "--warning: junk contradicts --junk none"},
      {{"-w", "imap_list=1", "--junk", "Spam"},
       "--warning: imap_list needs a folder to find: no --junk, or --trash auto"},
      {{"-w", "imap_list=1", "--junk", "Spam", "--trash", "auto"}, "accepted"},
      {{"-w", "cleanup=1", "--keep"}, "--warning: cleanup contradicts --keep"},
      {{"-w", "smtp_auth=1", "--smtp-user", ""}, "--warning: smtp_auth needs --user or --smtp-user"},
      {{"-w", "smtp_auth=1"}, "accepted"},
      {{"-w", "smtp_starttls=1", "-s"}, "--warning: smtp_starttls needs --smtp-tls starttls"},
      {{"-w", "imap_starttls=1"}, "--warning: imap_starttls needs --imap-tls starttls"},
      {{"-w", "imap_tls=1", "--tls", "none"}, "--warning: imap_tls contradicts --tls none"},
      {{"-w", "smtp_cert_days=9:", "--smtp-tls", "none"}, "--warning: smtp_cert_days contradicts --smtp-tls none"},
      {{"-D", "21", "--tls", "none"}, "--cert-days: needs TLS, which neither side has"},
      {{"-w", "smtp_dns=1", "--smtp-address", "192.0.2.1"},
       "--warning: smtp_dns needs a name to look up, neither --smtp-address nor a numeric --hostname"},
      {{"-w", "imap_dns=1", "--smtp-address", "192.0.2.1"}, "accepted"},
  }));
  CAPTURE(row.words);
  CHECK(error(with(kMinimum, row.words)) == row.error);
}

TEST_CASE("nothing that is no address, header, name or number gets through") {
  struct Row {
    std::string option;
    std::string value;
  };
  const auto row = GENERATE(values<Row>({{"--from", "<>"},
                                         {"--from", "a@b\r\nRCPT TO:<c@d>"},
                                         {"--to", ""},
                                         {"--to", "a@b.test,c@d.test"},
                                         {"--subject", "x\nBcc: y@z"},
                                         {"--header", "X-A: b\r\nBcc: y@z"},
                                         {"--helo", "two words"},
                                         {"--body-file", "/no/such/file"},
                                         {"--mailbox", ""},
                                         {"--junk", ""},
                                         {"--trash", "\xff"},
                                         {"--poll", "0.01"},
                                         {"--poll", "often"},
                                         {"--wait", "-1"},
                                         {"--state-dir", ""},
                                         {"--id", ""},
                                         {"--lost-after", "0"},
                                         {"--lost-runs", "0"},
                                         {"--lost-runs", "1001"},
                                         {"--require", "spf,"},
                                         {"--require", "arc"},
                                         {"--alignment", "loose"},
                                         {"--imap-user", ""},
                                         {"--smtp-auth", "LOGIN-COMMAND"},
                                         {"--smtp-proxy-protocol", "3"},
                                         {"--smtp-hostname", "/run/lmtp"},
                                         {"--imap-port", "0"}}));
  CAPTURE(row.option, row.value);
  CHECK(error(with(kMinimum, {"--state-dir", "/tmp", "--authserv-id", "x", row.option, row.value}))
            .starts_with(row.option + ":"));
}

TEST_CASE("every file that is read is known, so that the transcript is none of them") {
  const auto files = input_files(parsed(with(kMinimum, {"--imap-ca-file", "/dev/null", "--body-file", "/dev/zero"})));
  const auto has = [&](const std::string& option, const std::string& path) {
    return std::any_of(files.begin(), files.end(),
                       [&](const auto& file) { return file.option == option && file.path == path; });
  };
  CHECK(has("--imap-ca-file", "/dev/null"));
  CHECK(has("--body-file", "/dev/zero"));
}

TEST_CASE("the help page names each option once, those of a side by one note") {
  Options options;
  cli::OptionTable table;
  declare(table, options);
  std::string page;
  try {
    table.find("help")->apply("");
  } catch (const plugin::InformationRequest& request) {
    page = request.text;
  }
  CHECK(std::count(page.begin(), page.end(), '\n') < 120);
  for (std::size_t begin = 0, end; (end = page.find('\n', begin)) != std::string::npos; begin = end + 1) {
    CHECK(end - begin <= 80);
  }
  CHECK(page.find("\nSMTP side, IMAP side, bounces:\n") != std::string::npos);
  CHECK(page.find("  --smtp-port PORT") != std::string::npos);
  CHECK(page.find("  --imap-port PORT") != std::string::npos);
  CHECK(page.find("  --imap-ca-file") == std::string::npos);
  CHECK(page.find(" --port") == std::string::npos);
  // what each side has, the other has too
  for (const cli::Option& option : table.options()) {
    if (!option.name.starts_with("smtp-") || option.name == "smtp-proxy-protocol") continue;
    CAPTURE(option.name);
    CHECK(table.find("imap-" + option.name.substr(5)) != nullptr);
    CHECK(table.find("bounce-" + option.name.substr(5)) != nullptr);
    CHECK(table.find(option.name.substr(5)) != nullptr);
  }
}
