// The option table of check_mail_tls as a whole: defaults, what follows from protocol, mode and port, what contradicts.
#include "plugins/check_mail_tls/options.h"

#include <algorithm>

#include "plugin/usage_error.h"
#include "plugins/check_mail_tls/options_together.h"
#include "support/catch2.h"

using namespace mailcheck;
using namespace mailcheck::plugins::mail_tls;
using namespace std::chrono_literals;
using client::Protocol;
using plugin::Status;
using plugins::SecretReading;
using probe::Encryption;
using Words = std::vector<std::string>;
using ServerNameRule = probe::TlsSurveyRequest::ServerName;

namespace {

Words joined(Words first, const Words& second) {
  for (const std::string& word : second) first.push_back(word);
  return first;
}

// Words as given.
Options parsed_alone(const Words& given) {
  Words words = joined({"check_mail_tls"}, given);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  return parse(argv);
}

// With a host and a protocol, unless the words have some of their own.
Options parsed(const Words& words) {
  const auto names = [&](const Words& options) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(options.begin(), options.end(), word) != options.end();
    });
  };
  const Words host = names({"-H", "--mx"}) ? Words{} : Words{"-H", "mail.example.test"};
  const Words protocol = names({"--protocol", "-p", "--mx"}) ? Words{} : Words{"--protocol", "smtp"};
  return parsed_alone(joined(joined(host, protocol), words));
}

probe::TlsSurveyRequest requested(const Words& words) {
  static const base::SystemClock clock;
  Options options = parsed(words);
  options.tls.ca_file = MAILCHECK_TEST_CA "/root.pem";  // so that a machine without CA certificates will do
  SecretReading reading{.deadline = base::Deadline(clock, 60s)};
  return make_request(options, reading);
}

plugins::mail_tls::Limits limited(const Words& words) {
  static const base::SystemClock clock;
  return make_limits(parsed(words), SecretReading{.deadline = base::Deadline(clock, 60s)});
}

template <typename Make>
std::string error_of(const Make& make) {
  try {
    make();
  } catch (const plugin::UsageError& usage) {
    return usage.text;
  }
  return "accepted";
}
std::string error(const Words& words) {
  return error_of([&] { (void)requested(words); });
}

Words on_socket(const Words& words) {
  return joined({"-H", "/run/lmtp", "--protocol", "lmtp", "--verify-name", "mail.example.test"}, words);
}

// SHA-256 of nothing, in the forms in which people have it.
const std::string kHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kBase64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const std::string kColons =
    "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55";

}  // namespace

// ---------------------------------------------------------------- defaults and services

TEST_CASE("with a host and a protocol alone: one connection, STARTTLS, nothing of DNS but addresses") {
  const auto request = requested({});
  CHECK(request.protocol == Protocol::smtp);
  CHECK(request.encryption == Encryption::starttls);
  CHECK(request.target.host == "mail.example.test");
  CHECK(request.target.port == 25);
  CHECK(request.target.addresses.empty());
  CHECK(request.exchanges_of.empty());
  CHECK(request.addresses == probe::Addresses::first_that_answers);
  CHECK(request.server_name == ServerNameRule::of_host);
  CHECK(request.key_types == std::vector{tls::KeyType::any});
  CHECK(request.old_versions == probe::OldVersionQuestion::left_out);
  CHECK(request.dane == probe::DaneQuestion::left_out);
  CHECK(request.mta_sts_domain.empty());
  CHECK(request.recording == net::Recording::off);
  CHECK(request.tls.verify_names.empty());
  REQUIRE(request.tls.survey.has_value());
  CHECK(request.tls.context != nullptr);
  CHECK(request.timeout > 50s);
}

TEST_CASE("protocol, port and mode name the service together") {
  struct Row {
    Words words;
    Protocol protocol;
    Encryption encryption;
    std::uint16_t port;
    std::string name;
  };
  using enum Protocol;
  const auto starttls = Encryption::starttls;
  const auto implicit = Encryption::implicit;
  const auto row = GENERATE_COPY(values<Row>({
      {{"--protocol", "smtp"}, smtp, starttls, 25, "smtp"},
      {{"--protocol", "SMTP"}, smtp, starttls, 25, "smtp"},
      {{"--protocol", "submission"}, smtp, starttls, 587, "submission"},
      {{"--protocol", "submissions"}, smtp, implicit, 465, "submissions"},
      {{"--protocol", "smtps"}, smtp, implicit, 465, "smtps"},
      {{"--protocol", "lmtp"}, lmtp, starttls, 24, "lmtp"},
      {{"--protocol", "imap"}, imap, starttls, 143, "imap"},
      {{"--protocol", "imaps"}, imap, implicit, 993, "imaps"},
      {{"--protocol", "pop3"}, pop3, starttls, 110, "pop3"},
      {{"--protocol", "pop3s"}, pop3, implicit, 995, "pop3s"},
      {{"--protocol", "sieve"}, sieve, starttls, 4190, "sieve"},
      // by port
      {{"-p", "25"}, smtp, starttls, 25, "smtp"},
      {{"-p", "587"}, smtp, starttls, 587, "submission"},
      {{"-p", "465"}, smtp, implicit, 465, "smtps"},
      {{"-p", "24"}, lmtp, starttls, 24, "lmtp"},
      {{"-p", "143"}, imap, starttls, 143, "imap"},
      {{"-p", "993"}, imap, implicit, 993, "imaps"},
      {{"-p", "110"}, pop3, starttls, 110, "pop3"},
      {{"-p", "995"}, pop3, implicit, 995, "pop3s"},
      {{"-p", "4190"}, sieve, starttls, 4190, "sieve"},
      // with --tls
      {{"--protocol", "smtp", "--tls", "implicit"}, smtp, implicit, 465, "smtp"},
      {{"--protocol", "imap", "-s"}, imap, implicit, 993, "imap"},
      {{"--protocol", "pop3", "--tls", "implicit"}, pop3, implicit, 995, "pop3"},
      {{"--protocol", "sieve", "--tls", "implicit"}, sieve, implicit, 4190, "sieve"},
      {{"--protocol", "lmtp", "--tls", "implicit", "-p", "2424"}, lmtp, implicit, 2424, "lmtp"},
      {{"--protocol", "imap", "-S"}, imap, starttls, 143, "imap"},
      {{"--protocol", "imaps", "-S"}, imap, implicit, 993, "imaps"},
      {{"--protocol", "imap", "--tls", "starttls"}, imap, starttls, 143, "imap"},
      {{"-p", "143", "--tls", "implicit"}, imap, implicit, 143, "imap"},
      {{"-p", "993", "--tls", "starttls"}, imap, starttls, 993, "imaps"},
      {{"-p", "465", "--tls", "starttls"}, smtp, starttls, 465, "smtps"},
      // a protocol on another port: one that is usual for it says the mode
      {{"--protocol", "smtp", "-p", "2525"}, smtp, starttls, 2525, "smtp"},
      {{"--protocol", "smtp", "-p", "465"}, smtp, implicit, 465, "smtp"},
      {{"--protocol", "imap", "-p", "993"}, imap, implicit, 993, "imap"},
      {{"--protocol", "imap", "-p", "465"}, imap, starttls, 465, "imap"},
      {{"--protocol", "imap", "-p", "993", "--tls", "starttls"}, imap, starttls, 993, "imap"},
      {{"--protocol", "imaps", "-p", "143"}, imap, implicit, 143, "imaps"},
      {{"--protocol", "smtps", "-p", "4650"}, smtp, implicit, 4650, "smtps"},
      {{"--mx", "example.test"}, smtp, starttls, 25, "smtp"},
      {{"--mx", "example.test", "-p", "587"}, smtp, starttls, 587, "submission"},
  }));
  CAPTURE(row.words);
  const auto request = requested(row.words);
  CHECK(request.protocol == row.protocol);
  CHECK(request.encryption == row.encryption);
  CHECK(request.target.port == row.port);
  CHECK(limited(row.words).service == row.name);
}

TEST_CASE("one of --protocol and --port is needed, and a host") {
  const auto refusal = [](const Words& words) { return error_of([&] { (void)parsed_alone(words); }); };
  CHECK(refusal({"-H", "mail.example.test"}) == "--protocol: expected NAME or --port, got nothing");
  CHECK(refusal({"-H", "mail.example.test", "-p", "2525"}) ==
        "--port: 2525 is no usual port of a mail service; name the service by --protocol");
  CHECK(refusal({"--protocol", "smtp"}) == "--hostname: expected HOST, got nothing; it is required, or --mx DOMAIN");
  CHECK(refusal({"--mx", "example.test"}) == "accepted");
}

TEST_CASE("what is asked of the server reaches the probe") {
  const auto request = requested({"--all-addresses", "--old-protocols", "--mta-sts", "example.test", "--helo",
                                  "monitor.example.test", "-6", "--transcript", "/dev/null"});
  CHECK(request.addresses == probe::Addresses::all);
  CHECK(request.old_versions == probe::OldVersionQuestion::asked);
  CHECK(request.mta_sts_domain == "example.test");
  CHECK(request.hello_name == "monitor.example.test");
  CHECK(request.target.family == dns::Family::ipv6);
  CHECK(request.recording == net::Recording::on);
}

TEST_CASE("DANE for mail transfer has other rules than for clients") {
  const auto rules = [](const std::string& protocol) {
    return requested({"--protocol", protocol, "--dane"}).tls.survey->dane_rules;
  };
  for (const auto* name : {"smtp", "smtps", "submission", "lmtp"}) {
    CHECK(rules(name) == tls::DaneRules::mail_transfer);
  }
  for (const auto* name : {"imap", "imaps", "pop3", "sieve"}) CHECK(rules(name) == tls::DaneRules::generic);
}

TEST_CASE("the server's name is the host's, another, or none") {
  auto request = requested({});
  CHECK(request.server_name == ServerNameRule::of_host);
  request = requested({"--sni", "other.example.test"});
  CHECK(request.server_name == ServerNameRule::as_given);
  CHECK(request.tls.server_name == "other.example.test");
  request = requested({"--no-sni"});
  CHECK(request.server_name == ServerNameRule::as_given);
  CHECK(request.tls.server_name.empty());
  request = requested({"--verify-name", "a.example.test", "--verify-name", "b.example.test"});
  CHECK(request.tls.verify_names == Words{"a.example.test", "b.example.test"});
}

TEST_CASE("key types are one, both, or whatever the server shows") {
  using tls::KeyType;
  CHECK(requested({"--key-type", "rsa"}).key_types == std::vector{KeyType::rsa});
  CHECK(requested({"--key-type", "ECDSA"}).key_types == std::vector{KeyType::ecdsa});
  CHECK(requested({"--key-type", "ed25519"}).key_types == std::vector{KeyType::ed25519});
  CHECK(requested({"--both-key-types"}).key_types == std::vector{KeyType::rsa, KeyType::ecdsa});
}

// ---------------------------------------------------------------- what the certificate should be

TEST_CASE("a pin is base64 as curl and RFC 7469 write it, or hex with or without colons") {
  for (const std::string& form : {kBase64, "sha256//" + kBase64, kHex, kColons, "sha256//" + kHex}) {
    CAPTURE(form);
    CHECK(limited({"--pin-sha256", form}).expected.pins == Words{kBase64});
  }
  CHECK(limited({"--pin-sha256", kHex, "--pin-sha256", std::string(64, '0')}).expected.pins.size() == 2);
  for (const std::string& bad :
       {std::string(), kHex.substr(1), kHex + "0", kBase64.substr(4), std::string("AAAA"), std::string(64, 'g'),
        "sha1//" + kBase64, "sha256/" + kBase64, kBase64 + kBase64, std::string("not base64!")}) {
    CAPTURE(bad);
    CHECK(error({"--pin-sha256", bad}).starts_with("--pin-sha256: expected "));
  }
}

TEST_CASE("a fingerprint is hex with or without colons, in any case") {
  for (const std::string& form : {kHex, kColons}) {
    CHECK(limited({"--fingerprint", form}).expected.fingerprints == Words{kHex});
  }
  for (const std::string& bad : {std::string(), kBase64, kHex.substr(2), kHex + "00", std::string(40, 'a')}) {
    CAPTURE(bad);
    CHECK(error({"--fingerprint", bad}).starts_with("--fingerprint: expected a SHA-256 fingerprint"));
  }
}

TEST_CASE("the other expectations") {
  CHECK(limited({}).expected.issuer.empty());
  CHECK_FALSE(limited({}).expected.needs_staple);
  CHECK(limited({"--issuer", "Let's Encrypt"}).expected.issuer == "Let's Encrypt");
  CHECK(limited({"--require-staple"}).expected.needs_staple);
  CHECK(error({"--issuer", ""}).starts_with("--issuer: expected"));
  CHECK(error({"--issuer", "\xff"}).starts_with("--issuer: expected a value in UTF-8"));
  CHECK(limited({}).minimum_version == tls::Version::tls1_2);
  CHECK(limited({"--tls-min-version", "1.0"}).minimum_version == tls::Version::tls1_0);
  CHECK(limited({"--tls-min-version", "1.3"}).minimum_version == tls::Version::tls1_3);
}

TEST_CASE("--allow-self-signed makes a note of it, and --result is the last word") {
  const auto state = [](const Words& words) { return limited(words).findings.make("self-signed", "").status; };
  CHECK(state({}) == Status::critical);
  CHECK(state({"--allow-self-signed"}) == Status::ok);
  CHECK(state({"--allow-self-signed", "--result", "self-signed=warning"}) == Status::warning);
  CHECK(limited({"--allow-self-signed"}).findings.make("untrusted", "").status == Status::critical);
}

// ---------------------------------------------------------------- DANE

TEST_CASE("--dane stands alone, or with if-present in three ways") {
  struct Row {
    Words words;
    DaneNeed need;
  };
  const auto row = GENERATE(values<Row>({{{}, DaneNeed::off},
                                         {{"--dane"}, DaneNeed::required},
                                         {{"--dane", "--old-protocols"}, DaneNeed::required},
                                         {{"--dane", "-v"}, DaneNeed::required},
                                         {{"--dane=if-present"}, DaneNeed::if_present},
                                         {{"--dane", "if-present"}, DaneNeed::if_present},
                                         {{"--dane", "IF-PRESENT"}, DaneNeed::if_present},
                                         {{"--dane", "if-present", "--dane"}, DaneNeed::required},
                                         {{"--dane", "--dane=if-present"}, DaneNeed::if_present}}));
  CAPTURE(row.words);
  CHECK(limited(row.words).dane == row.need);
  const bool is_asked = requested(row.words).dane == probe::DaneQuestion::asked;
  CHECK(is_asked == (row.need != DaneNeed::off));
  CHECK(error({"--dane=always"}) == "--dane: expected if-present, got 'always'");
  CHECK(error({"--dane", "always"}) == "--dane: expected if-present, got 'always'");
}

TEST_CASE("records are asked for at --resolver, else where resolv.conf says") {
  CHECK(record_source(parsed({"--dane", "--resolver", "127.0.0.1:5300"})).name() == "name server 127.0.0.1 port 5300");
  CHECK(record_source(parsed({"--dane", "--resolver", "127.0.0.1"})).is_on_loopback());
  CHECK_FALSE(record_source(parsed({"--dane", "--resolver", "192.0.2.53"})).is_on_loopback());
}

// ---------------------------------------------------------------- limits

TEST_CASE("a range needs a label: users of other checks mean days") {
  for (const auto* option : {"-w", "-c"}) {
    const std::string name = option == std::string_view("-w") ? "--warning" : "--critical";
    const std::string text = error({option, "30"});
    CHECK(text.starts_with(name + ": expected LABEL=RANGE with LABEL one of dns, policy, connect"));
    CHECK(text.find("cert_days, chain_days or lifetime_left, got '30'") != std::string::npos);
  }
  CHECK(error({"-w", "=30"}).starts_with("--warning: the label before '=' is missing"));
  CHECK(error({"-w", "messages=3"}).starts_with("--warning: expected"));
  CHECK(error({"-w", "cert_days=30:"}) == "accepted");
}

TEST_CASE("-D is days for certificate and chain") {
  const auto limit = limited({"-D", "30,10"});
  for (const auto* label : {"cert_days", "chain_days"}) {
    CHECK(limit.thresholds.limits(label).warning->print() == "30:");
    CHECK(limit.thresholds.limits(label).critical->print() == "10:");
  }
  CHECK_FALSE(limit.thresholds.has("lifetime_left"));
  CHECK(limited({"-D", "30", "-w", "cert_days=5:"}).thresholds.limits("cert_days").warning->print() == "5:");
  CHECK_FALSE(limited({}).thresholds.has("cert_days"));
}

TEST_CASE("--result knows this plugin's findings and no others") {
  CHECK(error({"--result", "dane-absent=warning"}) == "accepted");
  CHECK(error({"--result", "old-protocol-accepted=ok"}) == "accepted");
  CHECK(error({"--result", "auth-failed=ok"}).starts_with("--result: expected a known finding, got 'auth-failed'"));
  CHECK(error({"--result", "mailbox-full=ok"}).starts_with("--result: expected a known finding"));
  CHECK(error({"--result", "threshold=ok"}).starts_with("--result: expected a known finding"));
}

// ---------------------------------------------------------------- contradictions

TEST_CASE("options that would never count are refused") {
  struct Row {
    Words words;
    std::string error;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {{"-H", "mail.example.test", "--mx", "example.test"}, "--hostname: contradicts --mx"},
      {{"--mx", "example.test", "--address", "192.0.2.1"}, "--address: contradicts --mx"},
      {{"--mx", "example.test", "--sni", "a.example.test"}, "--sni: contradicts --mx"},
      {{"--mx", "example.test", "--verify-name", "a.example.test"}, "--verify-name: contradicts --mx"},
      {{"--mx", "example.test", "--protocol", "imap"}, "--mx: needs --protocol smtp"},
      {{"--mx", "example.test", "-p", "993"}, "--mx: needs --protocol smtp"},
      {{"--mx", "example.test", "--protocol", "smtps"}, "accepted"},
      {{"--mx", "example.test", "--all-addresses", "--dane", "--mta-sts", "example.test"}, "accepted"},
      {{"--mx", "192.0.2.1"}, "--mx: expected a domain, got '192.0.2.1'"},
      {{"--mta-sts", "192.0.2.1"}, "--mta-sts: expected a domain, got '192.0.2.1'"},
      {{"--protocol", "smtps", "--tls", "starttls"}, "--protocol: smtps contradicts --tls starttls"},
      {{"--protocol", "imaps", "--tls", "starttls"}, "--protocol: imaps contradicts --tls starttls"},
      {{"--protocol", "imaps", "--tls", "implicit"}, "accepted"},
      {{"--all-addresses", "--address", "192.0.2.1"}, "--all-addresses: contradicts --address"},
      {{"--all-addresses", "-H", "192.0.2.1"}, "--all-addresses: needs a host name"},
      {{"--dane", "-H", "192.0.2.1"}, "--dane: needs a host name"},
      {{"--dane", "-H", "2001:db8::1"}, "--dane: needs a host name"},
      {{"--dane", "--address", "192.0.2.1"}, "accepted"},
      {{"--mta-sts", "example.test", "-H", "192.0.2.1"}, "--mta-sts: needs a host name"},
      {{"--mta-sts", "example.test", "--protocol", "imap"}, "--mta-sts: needs --protocol smtp"},
      {{"--mta-sts", "example.test", "--protocol", "lmtp"}, "--mta-sts: needs --protocol smtp"},
      {{"--mta-sts", "example.test", "--protocol", "submission"}, "accepted"},
      {{"--no-sni", "--sni", "a.example.test"}, "--no-sni: contradicts --sni"},
      {{"--key-type", "rsa", "--both-key-types"}, "--key-type: contradicts --both-key-types"},
      {{"--key-type", "dsa"}, "--key-type: expected rsa, ecdsa or ed25519, got 'dsa'"},
      {{"--resolver", "192.0.2.53", "--address", "192.0.2.1"}, "--resolver: contradicts --address"},
      {{"--resolver", "192.0.2.53", "-H", "192.0.2.1"}, "--resolver: contradicts a numeric --hostname"},
      {{"--resolver", "192.0.2.53", "--address", "192.0.2.1", "--dane"}, "accepted"},
      {{"--resolver", "192.0.2.53", "--address", "192.0.2.1", "--mta-sts", "example.test"}, "accepted"},
      {{"-w", "dns=1", "--address", "192.0.2.1"},
       "--warning: dns needs a name to look up, neither --address nor a numeric --hostname"},
      {{"-w", "dns=1", "--address", "192.0.2.1", "--dane"}, "accepted"},
      {{"--helo", "two words"},
       "--helo: expected a domain in ASCII or an address literal like [192.0.2.1], got 'two words'"},
  }));
  CAPTURE(row.words);
  CHECK(error(row.words) == row.error);
}

TEST_CASE("there is neither a plain mode nor --insecure: a judge of encryption without any has nothing to say") {
  CHECK(error({"--tls", "none"}) == "--tls: expected implicit or starttls, got 'none'");
  CHECK(error({"--insecure"}).starts_with("--insecure: unknown option"));
  CHECK(error({"-U", "probe"}).starts_with("-U: unknown option"));
}

TEST_CASE("a threshold on a step that never runs is refused") {
  struct Row {
    Words words;
    bool is_there;
  };
  const auto row = GENERATE(values<Row>({{{"-w", "policy=1"}, false},
                                         {{"-w", "policy=1", "--mta-sts", "example.test"}, true},
                                         {{"-w", "ehlo=1"}, true},
                                         {{"-w", "ehlo=1", "--protocol", "lmtp"}, true},
                                         {{"-w", "ehlo=1", "--protocol", "smtps"}, false},
                                         {{"-w", "ehlo=1", "--protocol", "imap"}, false},
                                         {{"-w", "capability=1"}, false},
                                         {{"-w", "capability=1", "--protocol", "imap"}, true},
                                         {{"-w", "capability=1", "--protocol", "pop3"}, true},
                                         {{"-w", "capability=1", "--protocol", "pop3s"}, false},
                                         {{"-w", "capability=1", "--protocol", "sieve"}, false},
                                         {{"-w", "starttls=1"}, true},
                                         {{"-w", "starttls=1", "-s"}, false},
                                         {{"-w", "starttls=1", "-p", "465"}, false},
                                         {{"-w", "quit=1"}, true},
                                         {{"-w", "quit=1", "--protocol", "pop3"}, true},
                                         {{"-w", "quit=1", "--protocol", "imap"}, false},
                                         {{"-w", "logout=1"}, false},
                                         {{"-w", "logout=1", "--protocol", "imap"}, true},
                                         {{"-w", "logout=1", "--protocol", "sieve"}, true},
                                         {{"-w", "greeting=1"}, true},
                                         {{"-w", "tls=1"}, true},
                                         {{"-w", "dns=1"}, true},
                                         {{"-w", "total=1"}, true}}));
  CAPTURE(row.words);
  const std::string label = row.words[1].substr(0, row.words[1].find('='));
  CHECK(error(row.words) ==
        (row.is_there ? "accepted" : "--warning: " + label + " is no step of this protocol and mode"));
}

// ---------------------------------------------------------------- Unix sockets

TEST_CASE("a Unix socket is reached by its path, and its certificate judged by the name given") {
  const auto request = requested(on_socket({}));
  CHECK(request.target.unix_socket == "/run/lmtp");
  CHECK(request.target.host.empty());
  CHECK(request.target.port == 0);
  CHECK(request.protocol == Protocol::lmtp);
  CHECK(request.encryption == Encryption::starttls);
  CHECK(request.server_name == ServerNameRule::as_given);
  CHECK(request.tls.server_name.empty());
  CHECK(request.tls.verify_names == Words{"mail.example.test"});
  CHECK(requested(on_socket({"--sni", "mail.example.test"})).tls.server_name == "mail.example.test");
  CHECK(requested(on_socket({"-s"})).encryption == Encryption::implicit);
}

TEST_CASE("what a Unix socket does not have is refused") {
  struct Row {
    Words words;
    std::string error;
  };
  const std::string socket = "contradicts --hostname with a Unix socket";
  const auto row = GENERATE_COPY(values<Row>({
      {{"-H", "/run/lmtp", "-p", "24"}, "--hostname: a Unix socket needs --protocol"},
      {{"-H", "/run/lmtp", "--protocol", "lmtp"},
       "--hostname: a Unix socket needs --verify-name: the name that the certificate should have"},
      {on_socket({"-p", "24"}), "--port: " + socket},
      {on_socket({"--address", "192.0.2.1"}), "--address: " + socket},
      {on_socket({"-4"}), "--ipv4 or --ipv6: " + socket},
      {on_socket({"-6"}), "--ipv4 or --ipv6: " + socket},
      {on_socket({"--resolver", "192.0.2.53"}), "--resolver: " + socket},
      {on_socket({"--all-addresses"}), "--all-addresses: needs a host name"},
      {on_socket({"--dane"}), "--dane: needs a host name"},
      {on_socket({"--mta-sts", "example.test"}), "--mta-sts: needs a host name"},
      {on_socket({"-w", "dns=1"}),
       "--warning: dns needs a name to look up, neither --address nor a numeric --hostname"},
      {on_socket({"--both-key-types", "--old-protocols"}), "accepted"},
  }));
  CAPTURE(row.words);
  CHECK(error(row.words) == row.error);
}
