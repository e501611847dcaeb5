// The survey in a world of fakes: how many connections it makes and to whom, what it asks DNS, and what remains of a
// session that failed.
#include "probe/tls_survey.h"

#include "base/base64.h"
#include "probe/tls_look.h"
#include "unit/probe/tls_scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using namespace std::chrono_literals;
using base::ErrorKind;
using base::Stage;
using probe::Addresses;
using probe::DaneQuestion;
using probe::Encryption;
using probe::OldVersionQuestion;
using probe::TlsLook;
using probe::TlsSurveyFacts;
using tls::KeyType;
using Texts = std::vector<std::string>;
using Type = dns::RecordType;

namespace {

const TlsLook& only_look(const TlsSurveyFacts& facts) {
  REQUIRE(facts.targets.size() == 1);
  REQUIRE(facts.targets.front().looks.size() == 1);
  return facts.targets.front().looks.front();
}
const tls::SurveyFacts& survey_of(const TlsLook& look) {
  REQUIRE(look.session.tls.has_value());
  REQUIRE(look.session.tls->survey.has_value());
  return *look.session.tls->survey;
}
std::string key_of(const TlsLook& look) {
  return look.session.tls && !look.session.tls->sent_chain.empty() ? look.session.tls->sent_chain.front().key : "";
}
base::Duration time_of(const std::vector<base::Timeline::Step>& steps, Stage stage) {
  for (const auto& step : steps) {
    if (step.stage == stage) return step.duration;
  }
  return -1ms;
}

// The record 3 1 1 of the test CA's certificate "good".
std::string good_tlsa() {
  TlsScene scene;
  scene.add_server();
  const auto facts = scene.run(TlsScene::request());
  const auto& leaf = only_look(facts).session.tls->sent_chain.front();
  return std::string("\x03\x01\x01") + base::base64_decode(leaf.public_key_sha256).value();
}

}  // namespace

// ---------------------------------------------------------------- connections

TEST_CASE("a survey is one connection, which nobody logs in to, and asks DNS for addresses alone") {
  TlsScene scene;
  const auto& server = scene.add_server();
  const auto facts = scene.run(TlsScene::request());
  const TlsLook& look = only_look(facts);
  CHECK_FALSE(look.session.error.has_value());
  CHECK(scene.dialed() == Texts{"192.0.2.25"});
  CHECK(scene.dialer.dialed().front().second == 25);
  CHECK(server.heard() ==
        Texts{"EHLO monitor.example.test", "STARTTLS", "TLS: EHLO monitor.example.test", "TLS: QUIT"});
  CHECK(server.has_seen_close());
  CHECK(scene.resolver.asked() == Texts{"mail.example.test"});
  CHECK(scene.records.asked().empty());
  CHECK(scene.fetcher.requests().empty());

  CHECK(look.session.host == "mail.example.test");
  CHECK(look.session.port == 25);
  CHECK(look.session.address == "192.0.2.25");
  CHECK(look.session.tls->version == "TLSv1.3");
  CHECK(look.session.tls->faults.empty());
  CHECK(survey_of(look).suite.is_forward_secret);
  CHECK(look.greeting == "mail.example.test ESMTP");
  CHECK(look.capabilities == Texts{"SIZE 1000", "STARTTLS"});
  CHECK(look.session.reply_code == "250");  // the good-bye tells nothing
  CHECK(facts.now == scene.clock.wall());
  CHECK(facts.resolver.empty());
  CHECK_FALSE(facts.targets.front().tlsa.has_value());
  CHECK_FALSE(facts.targets.front().caa.has_value());
  CHECK_FALSE(facts.targets.front().old_versions.has_value());
  CHECK_FALSE(facts.mta_sts.has_value());
  CHECK_FALSE(facts.exchangers.has_value());
  CHECK_FALSE(facts.tls_rpt.has_value());
  CHECK(names(facts.steps) == Texts{"dns", "connect", "greeting", "ehlo", "starttls", "tls", "quit"});
  CHECK_FALSE(facts.unfinished_step.has_value());
}

TEST_CASE("every protocol is upgraded, and reached with TLS from the first byte") {
  using client::Protocol;
  const auto protocol = GENERATE(Protocol::smtp, Protocol::lmtp, Protocol::imap, Protocol::pop3, Protocol::sieve);
  const auto tls = GENERATE(PeerTls::none, PeerTls::implicit);
  CAPTURE(client::to_string(protocol), tls == PeerTls::implicit);
  TlsScene scene;
  scene.add_server({}, tls, protocol);
  auto request = TlsScene::request();
  request.protocol = protocol;
  request.encryption = tls == PeerTls::implicit ? Encryption::implicit : Encryption::starttls;
  const auto facts = scene.run(request);
  CHECK_FALSE(only_look(facts).session.error.has_value());
  CHECK(only_look(facts).session.tls->faults.empty());
  CHECK(time_of(facts.steps, Stage::tls) >= 0ms);
}

TEST_CASE("without a name there is nothing to look up, and no step dns") {
  TlsScene scene;
  scene.add_server({.certificate = "ip-only"});
  auto request = TlsScene::request();
  SECTION("the address is given") {
    request.target.addresses = {dns::Address::parse("198.51.100.7").value()};
    const auto facts = scene.run(request);
    CHECK(scene.dialed() == Texts{"198.51.100.7"});
    CHECK(only_look(facts).session.tls->faults.at(0).kind == ErrorKind::name_mismatch);  // judged by its name still
    CHECK(names(facts.steps).front() == "connect");
  }
  SECTION("the host is numeric") {
    request.target.host = "127.0.0.1";
    const auto facts = scene.run(request);
    CHECK(scene.dialed() == Texts{"127.0.0.1"});
    CHECK(only_look(facts).session.tls->faults.empty());
    CHECK(scene.servers.front()->server_name().empty());
    CHECK(names(facts.steps).front() == "connect");
  }
  CHECK(scene.resolver.asked().empty());
}

TEST_CASE("a Unix socket is dialed by its path") {
  TlsScene scene;
  scene.add_server({}, PeerTls::none, client::Protocol::lmtp);
  auto request = TlsScene::request();
  request.protocol = client::Protocol::lmtp;
  request.target = {.host = {}, .unix_socket = "/run/lmtp"};
  request.tls.verify_names = {"mail.example.test"};
  request.server_name = probe::TlsSurveyRequest::ServerName::as_given;
  const auto facts = scene.run(request);
  CHECK(scene.dialer.dialed_socket() == "/run/lmtp");
  CHECK(only_look(facts).session.host == "/run/lmtp");
  CHECK(only_look(facts).session.tls->faults.empty());
  CHECK(facts.targets.front().host.empty());
}

TEST_CASE("the first address that answers is one connection, all addresses are one each") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  auto request = TlsScene::request();
  SECTION("the first") {
    scene.add_server();
    CHECK(scene.run(request).targets.front().looks.size() == 1);
    CHECK(scene.dialed() == Texts{"192.0.2.25+192.0.2.26"});
  }
  SECTION("all") {
    scene.add_server();
    scene.add_server({.certificate = "expired"});
    request.addresses = Addresses::all;
    const auto facts = scene.run(request);
    CHECK(scene.dialed() == Texts{"192.0.2.25", "192.0.2.26"});
    REQUIRE(facts.targets.front().looks.size() == 2);
    CHECK(facts.targets.front().looks[0].session.address == "192.0.2.25");
    CHECK(facts.targets.front().looks[0].session.tls->faults.empty());
    CHECK(facts.targets.front().looks[1].session.address == "192.0.2.26");
    CHECK(facts.targets.front().looks[1].session.tls->faults.at(0).kind == ErrorKind::expired);
  }
  CHECK(scene.resolver.asked() == Texts{"mail.example.test"});
}

TEST_CASE("an address that fails is a fact of the connection") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  scene.add_server();
  scene.dialer.fail_addresses(1, "connection refused");
  const auto facts = scene.run(TlsScene::request());
  CHECK(only_look(facts).session.address == "192.0.2.26");
  REQUIRE(only_look(facts).session.failed_addresses.size() == 1);
  CHECK(only_look(facts).session.failed_addresses.front().address == "192.0.2.25");
}

TEST_CASE("both key types are a connection each, for every address") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  const ServerSetup both{.certificate = "good", .second_certificate = "good-rsa"};
  for (int i = 0; i < 4; ++i) scene.add_server(both);
  auto request = TlsScene::request();
  request.addresses = Addresses::all;
  request.key_types = {KeyType::rsa, KeyType::ecdsa};
  const auto facts = scene.run(request);
  REQUIRE(facts.targets.front().looks.size() == 4);
  Texts keys;
  for (const TlsLook& look : facts.targets.front().looks) keys.push_back(look.session.address + " " + key_of(look));
  CHECK(keys == Texts{"192.0.2.25 RSA 2048", "192.0.2.25 EC P-256", "192.0.2.26 RSA 2048", "192.0.2.26 EC P-256"});
  CHECK(facts.targets.front().looks[0].key_type == KeyType::rsa);
  CHECK(facts.targets.front().looks[1].key_type == KeyType::ecdsa);
}

TEST_CASE("a key type that is refused is missing if the server has another one") {
  TlsScene scene;
  scene.add_server();
  scene.add_server();
  scene.add_server();
  auto request = TlsScene::request();
  request.key_types = {KeyType::rsa, KeyType::ecdsa};
  const auto facts = scene.run(request);
  CHECK(scene.dialed().size() == 3);  // RSA, any, ECDSA
  REQUIRE(facts.targets.front().looks.size() == 2);
  CHECK(facts.targets.front().looks[0].key_type == KeyType::rsa);
  CHECK(facts.targets.front().looks[0].is_offer_refused);
  CHECK(facts.targets.front().looks[0].session.error->kind == ErrorKind::tls_handshake);
  CHECK_FALSE(facts.targets.front().looks[1].is_offer_refused);
  CHECK_FALSE(facts.targets.front().looks[1].session.error.has_value());
}

TEST_CASE("a server that refuses every key type has none at all, and that is the truth about it") {
  const ServerSetup anonymous{.maximum_version = TLS1_2_VERSION, .ciphers = "aNULL:@SECLEVEL=0"};
  TlsScene scene;
  for (int i = 0; i < 3; ++i) scene.add_server(anonymous);
  auto request = TlsScene::request();
  request.key_types = {KeyType::rsa};
  const auto facts = scene.run(request);
  CHECK(scene.dialed().size() == 3);  // RSA, any, nobody
  CHECK_FALSE(only_look(facts).session.error.has_value());
  CHECK(survey_of(only_look(facts)).suite.is_anonymous);
}

TEST_CASE("a server that refuses every suite with a certificate is asked once more for the others") {
  TlsScene scene;
  auto request = TlsScene::request();
  request.recording = net::Recording::on;
  SECTION("it has anonymous suites alone") {
    const ServerSetup anonymous{.maximum_version = TLS1_2_VERSION, .ciphers = "aNULL:@SECLEVEL=0"};
    scene.add_server(anonymous);
    scene.add_server(anonymous);
    const auto facts = scene.run(request);
    CHECK(survey_of(only_look(facts)).suite.is_anonymous);
    CHECK_FALSE(only_look(facts).session.error.has_value());
    std::string all;
    for (const auto& line : facts.dialogue) all += line + "\n";
    CHECK(all.find("TLS handshake failed") != std::string::npos);  // both connections are told
    CHECK(all.find("established") != std::string::npos);
  }
  SECTION("it has suites without encryption alone") {
    const ServerSetup plain{
        .certificate = "good-rsa", .maximum_version = TLS1_2_VERSION, .ciphers = "NULL-SHA256:@SECLEVEL=0"};
    scene.add_server(plain);
    scene.add_server(plain);
    CHECK_FALSE(survey_of(only_look(scene.run(request))).suite.has_encryption);
  }
  SECTION("it has none of these either: the first answer stands") {
    const ServerSetup broken{.maximum_version = TLS1_2_VERSION, .ciphers = "aRSA:@SECLEVEL=0"};  // its key is EC
    scene.add_server(broken);
    scene.add_server(broken);
    const auto facts = scene.run(request);
    REQUIRE(only_look(facts).session.error.has_value());
    CHECK(only_look(facts).session.error->kind == ErrorKind::tls_handshake);
    CHECK(only_look(facts).session.error->detail.find("alert 40") != std::string::npos);
  }
  CHECK(scene.dialed().size() == 2);
}

TEST_CASE("what failed before or beside the handshake is not asked again") {
  TlsScene scene;
  SECTION("STARTTLS is refused") {
    scene.add_server().refuse_starttls();
  }
  SECTION("plain text follows the go-ahead") {
    scene.add_server().on("STARTTLS", "220 2.0.0 go\r\n250 injected\r\n");
  }
  const auto facts = scene.run(TlsScene::request());
  REQUIRE(only_look(facts).session.error.has_value());
  CHECK(scene.dialed().size() == 1);
}

// ---------------------------------------------------------------- old versions

TEST_CASE("old versions are two connections more, if asked for") {
  TlsScene scene;
  auto request = TlsScene::request();
  request.old_versions = OldVersionQuestion::asked;
  SECTION("both are accepted") {
    for (int i = 0; i < 3; ++i) scene.add_server();
    const auto facts = scene.run(request);
    CHECK(facts.targets.front().old_versions->accepted == Texts{"TLS 1.0", "TLS 1.1"});
    CHECK(facts.targets.front().old_versions->unknown.empty());
    CHECK(only_look(facts).session.tls->version == "TLSv1.3");
  }
  SECTION("one is accepted") {
    for (int i = 0; i < 3; ++i) scene.add_server({.minimum_version = TLS1_1_VERSION});
    CHECK(scene.run(request).targets.front().old_versions->accepted == Texts{"TLS 1.1"});
  }
  SECTION("none is accepted") {
    for (int i = 0; i < 3; ++i) scene.add_server({.minimum_version = TLS1_2_VERSION});
    const auto facts = scene.run(request);
    CHECK(facts.targets.front().old_versions->accepted.empty());
    CHECK(facts.targets.front().old_versions->unknown.empty());
  }
  SECTION("the question cannot be asked") {
    scene.add_server();
    scene.add_server().refuse_starttls();
    const auto facts = scene.run(request);
    CHECK(facts.targets.front().old_versions->accepted.empty());
    const auto& unknown = facts.targets.front().old_versions->unknown;
    REQUIRE(unknown.size() == 2);
    CHECK(unknown[0].starts_with("TLS 1.0: "));
    CHECK(unknown[1] == "TLS 1.1: connection refused");
    CHECK_FALSE(only_look(facts).session.error.has_value());  // that one was well
  }
  CHECK(scene.dialed().size() == 3);
}

TEST_CASE("each address is asked for old versions, and named") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  for (int i = 0; i < 5; ++i) scene.add_server();
  scene.add_server({.minimum_version = TLS1_2_VERSION});
  auto request = TlsScene::request();
  request.addresses = Addresses::all;
  request.old_versions = OldVersionQuestion::asked;
  const auto facts = scene.run(request);
  CHECK(scene.dialed() == Texts{"192.0.2.25", "192.0.2.26", "192.0.2.25", "192.0.2.25", "192.0.2.26", "192.0.2.26"});
  CHECK(facts.targets.front().old_versions->accepted ==
        Texts{"TLS 1.0 at 192.0.2.25", "TLS 1.1 at 192.0.2.25", "TLS 1.0 at 192.0.2.26"});
}

TEST_CASE("a server that never shook hands is not asked for old versions") {
  TlsScene scene;
  scene.add_server().refuse_starttls();
  auto request = TlsScene::request();
  request.old_versions = OldVersionQuestion::asked;
  CHECK_FALSE(scene.run(request).targets.front().old_versions.has_value());
  CHECK(scene.dialed().size() == 1);
}

// ---------------------------------------------------------------- names

TEST_CASE("the server is asked for the host, for another name, or for none") {
  using Rule = probe::TlsSurveyRequest::ServerName;
  TlsScene scene;
  const auto& server = scene.add_server();
  auto request = TlsScene::request();
  SECTION("the host") {
    (void)scene.run(request);
    CHECK(server.server_name() == "mail.example.test");
  }
  SECTION("another") {
    request.server_name = Rule::as_given;
    request.tls.server_name = "other.example.test";
    CHECK(only_look(scene.run(request)).session.tls->faults.empty());  // the certificate is for the host still
    CHECK(server.server_name() == "other.example.test");
  }
  SECTION("none") {
    request.server_name = Rule::as_given;
    CHECK(only_look(scene.run(request)).session.tls->faults.empty());
    CHECK(server.server_name().empty());
  }
  SECTION("the certificate may be for other names") {
    request.tls.verify_names = {"third.example.test"};
    CHECK(only_look(scene.run(request)).session.tls->faults.at(0).kind == ErrorKind::name_mismatch);
  }
}

// ---------------------------------------------------------------- DNS

TEST_CASE("a name without an address is an error of its target, and dns is not done") {
  TlsScene scene;
  auto request = TlsScene::request();
  request.target.host = "none.example.test";
  const auto facts = scene.run(request);
  REQUIRE(facts.targets.size() == 1);
  REQUIRE(facts.targets.front().error.has_value());
  CHECK(facts.targets.front().error->kind == ErrorKind::dns);
  CHECK(facts.targets.front().looks.empty());
  CHECK(facts.steps.empty());
  CHECK(facts.unfinished_step == Stage::dns);
  CHECK(scene.dialed().empty());
}

TEST_CASE("with DANE addresses and TLSA records come from the same source, and match the certificate") {
  TlsScene scene;
  scene.add_server();
  scene.records.ipv4("mail.example.test", std::string_view("\xc0\x00\x02\x63", 4));
  scene.records.add("_25._tcp.mail.example.test", Type::tlsa, good_tlsa());
  const auto facts = scene.run(TlsScene::with_dane());
  CHECK(scene.resolver.asked().empty());
  CHECK(scene.dialed() == Texts{"192.0.2.99"});
  CHECK(scene.records.asked() ==
        Texts{"mail.example.test AAAA", "mail.example.test A", "_25._tcp.mail.example.test TLSA"});
  REQUIRE(facts.targets.front().tlsa.has_value());
  CHECK(facts.targets.front().tlsa->status == policy::TlsaAnswer::Status::found);
  REQUIRE(survey_of(only_look(facts)).dane.has_value());
  CHECK(survey_of(only_look(facts)).dane->is_authenticated);
  CHECK(facts.resolver == "the fake");
  CHECK(facts.is_resolver_local);
  CHECK(names(facts.steps).front() == "dns");
}

TEST_CASE("a resolver far away is a fact of DANE") {
  TlsScene scene;
  scene.add_server();
  scene.records.ipv4("mail.example.test");
  scene.records.set_on_loopback(false);
  CHECK_FALSE(scene.run(TlsScene::with_dane()).is_resolver_local);
}

TEST_CASE("addresses without DNSSEC leave nothing to be asked") {
  TlsScene scene;
  scene.add_server();
  scene.records.ipv4("mail.example.test").is_secure = false;
  const auto facts = scene.run(TlsScene::with_dane());
  CHECK(facts.targets.front().tlsa->status == policy::TlsaAnswer::Status::insecure);
  CHECK(scene.records.asked() == Texts{"mail.example.test AAAA", "mail.example.test A"});
  CHECK_FALSE(survey_of(only_look(facts)).dane.has_value());
}

TEST_CASE("with DANE a host whose addresses do not validate, or cannot be asked for, is connected to by nobody") {
  struct Row {
    dns::LookupOutcome outcome;
    policy::TlsaAnswer::Status status;
  };
  using Is = policy::TlsaAnswer::Status;
  const auto row = GENERATE(values<Row>({{dns::LookupOutcome::failed, Is::bogus},
                                         {dns::LookupOutcome::silent, Is::silent},
                                         {dns::LookupOutcome::unreachable, Is::silent}}));
  TlsScene scene;
  scene.records.without("mail.example.test", Type::aaaa, row.outcome);
  scene.records.without("mail.example.test", Type::a, row.outcome);
  const auto facts = scene.run(TlsScene::with_dane());
  REQUIRE(facts.targets.front().tlsa.has_value());
  CHECK(facts.targets.front().tlsa->status == row.status);
  CHECK(facts.targets.front().tlsa->detail.find("mail.example.test") != std::string::npos);
  CHECK_FALSE(facts.targets.front().error.has_value());
  CHECK(facts.unfinished_step == Stage::dns);
  CHECK(scene.dialed().empty());
}

TEST_CASE("with DANE a host that does not exist is an error like any other") {
  TlsScene scene;
  const auto facts = scene.run(TlsScene::with_dane());
  REQUIRE(facts.targets.front().error.has_value());
  CHECK(facts.targets.front().error->kind == ErrorKind::dns);
  CHECK_FALSE(facts.targets.front().tlsa.has_value());
}

TEST_CASE("TLSA records that nobody tells leave dns unfinished, and the server is looked at without them") {
  TlsScene scene;
  scene.add_server();
  scene.records.ipv4("mail.example.test");
  scene.records.without("_25._tcp.mail.example.test", Type::tlsa, dns::LookupOutcome::silent);
  const auto facts = scene.run(TlsScene::with_dane());
  CHECK(facts.targets.front().tlsa->status == policy::TlsaAnswer::Status::silent);
  CHECK_FALSE(only_look(facts).session.error.has_value());
  CHECK(facts.unfinished_step == Stage::dns);
  CHECK(names(facts.steps).front() == "connect");
}

TEST_CASE("of an alias with TLSA records at its end the server is asked for that name, and either may be verified") {
  TlsScene scene;
  scene.add_server();
  scene.resolver.add("www.example.test", {"192.0.2.25"});
  scene.records.ipv4("www.example.test").canonical_name = "imap.example.test";
  scene.records.add("_25._tcp.imap.example.test", Type::tlsa, good_tlsa());
  auto request = TlsScene::with_dane();
  request.target.host = "www.example.test";
  const auto facts = scene.run(request);
  CHECK(facts.targets.front().tlsa->base == "imap.example.test");
  CHECK(scene.servers.front()->server_name() == "imap.example.test");
  CHECK(survey_of(only_look(facts)).dane->is_authenticated);
  // PKIX is asked about the host that was named.
  CHECK(only_look(facts).session.tls->faults.at(0).kind == ErrorKind::name_mismatch);
}

TEST_CASE("a given address counts as given: only the TLSA records are asked for") {
  TlsScene scene;
  scene.add_server();
  scene.records.add("_25._tcp.mail.example.test", Type::tlsa, good_tlsa());
  auto request = TlsScene::with_dane();
  request.target.addresses = {dns::Address::parse("198.51.100.7").value()};
  const auto facts = scene.run(request);
  CHECK(scene.records.asked() == Texts{"_25._tcp.mail.example.test TLSA"});
  CHECK(survey_of(only_look(facts)).dane->is_authenticated);
}

TEST_CASE("a name in another alphabet is asked for as DNS has it, and shown as given") {
  TlsScene scene;
  scene.resolver.add("xn--bcher-kva.example.test", {"192.0.2.25"});
  scene.add_server();
  auto request = TlsScene::request();
  request.target.host = "b\xc3\xbc\x63her.example.test";
  const auto facts = scene.run(request);
  CHECK(scene.resolver.asked() == Texts{"xn--bcher-kva.example.test"});
  CHECK(facts.targets.front().host == "b\xc3\xbc\x63her.example.test");
  CHECK(scene.servers.front()->server_name() == "xn--bcher-kva.example.test");
}

// ---------------------------------------------------------------- mail exchangers

TEST_CASE("each exchanger of a domain is a target, in its order") {
  TlsScene scene;
  scene.records.mx("example.test", 20, "imap.example.test");
  scene.records.mx("example.test", 10, "mail.example.test");
  scene.resolver.add("imap.example.test", {"192.0.2.26"});
  scene.add_server();
  scene.add_server();
  const auto facts = scene.run(TlsScene::with_exchangers());
  REQUIRE(facts.targets.size() == 2);
  CHECK(facts.targets[0].host == "mail.example.test");
  CHECK(facts.targets[1].host == "imap.example.test");
  CHECK(scene.dialed() == Texts{"192.0.2.25", "192.0.2.26"});
  CHECK(scene.servers[1]->server_name() == "imap.example.test");
  REQUIRE(facts.exchangers.has_value());
  CHECK(facts.exchangers->status == policy::MailExchangers::Status::found);
  CHECK(facts.tls_rpt.has_value());
  CHECK(facts.targets[0].caa.has_value());
  CHECK(facts.targets[1].caa.has_value());
  CHECK(names(facts.steps).front() == "dns");
}

TEST_CASE("an exchanger without an address leaves the others to be looked at") {
  TlsScene scene;
  scene.records.mx("example.test", 10, "gone.example.test");
  scene.records.mx("example.test", 20, "mail.example.test");
  scene.add_server();
  const auto facts = scene.run(TlsScene::with_exchangers());
  REQUIRE(facts.targets.size() == 2);
  CHECK(facts.targets[0].error->kind == ErrorKind::dns);
  CHECK(facts.targets[0].looks.empty());
  CHECK_FALSE(facts.targets[1].error.has_value());
  CHECK(facts.targets[1].looks.at(0).session.tls->faults.empty());
  CHECK(names(facts.steps).front() == "connect");  // dns did not end well
  CHECK(facts.unfinished_step == Stage::dns);
}

TEST_CASE("a server that fails leaves the others to be looked at") {
  TlsScene scene;
  scene.records.mx("example.test", 10, "mail.example.test");
  scene.records.mx("example.test", 20, "imap.example.test");
  scene.resolver.add("imap.example.test", {"192.0.2.26"});
  scene.add_server().refuse_starttls();
  scene.add_server();
  const auto facts = scene.run(TlsScene::with_exchangers());
  CHECK(facts.targets.at(0).looks.at(0).session.error->kind == ErrorKind::starttls_refused);
  CHECK_FALSE(facts.targets.at(1).looks.at(0).session.error.has_value());
}

TEST_CASE("a domain that takes no mail is connected to by nobody") {
  TlsScene scene;
  SECTION("null MX") {
    scene.records.mx("example.test", 0, "");
    CHECK(scene.run(TlsScene::with_exchangers()).exchangers->status == policy::MailExchangers::Status::null_mx);
  }
  SECTION("no such domain") {
    const auto facts = scene.run(TlsScene::with_exchangers());
    CHECK(facts.exchangers->status == policy::MailExchangers::Status::absent);
    CHECK(facts.targets.empty());
  }
  SECTION("the resolver fails") {
    scene.records.without("example.test", Type::mx, dns::LookupOutcome::failed);
    const auto facts = scene.run(TlsScene::with_exchangers());
    CHECK(facts.exchangers->status == policy::MailExchangers::Status::bogus);
    CHECK(facts.unfinished_step == Stage::dns);
  }
  CHECK(scene.dialed().empty());
}

TEST_CASE("each exchanger has DANE of its own, and the domain is a name that usage 2 may find") {
  TlsScene scene;
  scene.records.mx("example.test", 10, "mail.example.test");
  scene.records.mx("example.test", 20, "imap.example.test");
  scene.records.ipv4("mail.example.test");
  scene.records.ipv4("imap.example.test");
  scene.records.add("_25._tcp.mail.example.test", Type::tlsa, good_tlsa());
  scene.records.without("_25._tcp.imap.example.test", Type::tlsa, dns::LookupOutcome::no_name);
  scene.add_server();
  scene.add_server();
  auto request = TlsScene::with_exchangers();
  request.dane = DaneQuestion::asked;
  const auto facts = scene.run(request);
  CHECK(facts.targets.at(0).tlsa->status == policy::TlsaAnswer::Status::found);
  CHECK(survey_of(facts.targets[0].looks.at(0)).dane->is_authenticated);
  CHECK(facts.targets.at(1).tlsa->status == policy::TlsaAnswer::Status::absent);
  CHECK_FALSE(survey_of(facts.targets[1].looks.at(0)).dane.has_value());
}

// ---------------------------------------------------------------- MTA-STS

namespace {

TlsSurveyFacts with_policy(TlsScene& scene, const std::string& mx) {
  scene.add_server();
  scene.records.txt("_mta-sts.example.test", "v=STSv1; id=1");
  scene.resolver.add("mta-sts.example.test", {"192.0.2.80"});
  scene.fetcher.answer("version: STSv1\nmode: enforce\nmx: " + mx + "\nmax_age: 604800\n");
  auto request = TlsScene::request();
  request.mta_sts_domain = "example.test";
  return scene.run(request);
}

}  // namespace

TEST_CASE("the policy is fetched with our trust and our addresses, and the host looked for in it") {
  TlsScene scene;
  const auto facts = with_policy(scene, "*.example.test");
  REQUIRE(facts.mta_sts.has_value());
  CHECK(facts.mta_sts->status == policy::MtaStsFacts::Status::valid);
  CHECK(facts.targets.front().is_in_mta_sts_policy);
  REQUIRE(scene.fetcher.requests().size() == 1);
  const auto& asked = scene.fetcher.requests().front();
  CHECK(asked.host == "mta-sts.example.test");
  CHECK(asked.addresses == Texts{"192.0.2.80"});
  CHECK(asked.ca_file == test_ca("root.pem"));
  CHECK(asked.ca_path.empty());
  CHECK(names(facts.steps) == Texts{"dns", "policy", "connect", "greeting", "ehlo", "starttls", "tls", "quit"});
  CHECK(facts.tls_rpt.has_value());
  CHECK(facts.targets.front().caa.has_value());
}

TEST_CASE("a host that the policy does not name is no part of it") {
  TlsScene scene;
  CHECK_FALSE(with_policy(scene, "mx.example.test").targets.front().is_in_mta_sts_policy);
}

TEST_CASE("a policy that cannot be fetched leaves its step unfinished, and the server is looked at all the same") {
  TlsScene scene;
  scene.add_server();
  scene.records.txt("_mta-sts.example.test", "v=STSv1; id=1");
  scene.resolver.add("mta-sts.example.test", {"192.0.2.80"});
  scene.fetcher.fail(ErrorKind::connect, "connection refused");
  auto request = TlsScene::request();
  request.mta_sts_domain = "example.test";
  const auto facts = scene.run(request);
  CHECK(facts.mta_sts->status == policy::MtaStsFacts::Status::unreachable);
  CHECK(names(facts.steps) == Texts{"dns", "connect", "greeting", "ehlo", "starttls", "tls", "quit"});
  CHECK(facts.unfinished_step == Stage::policy);
  CHECK_FALSE(only_look(facts).session.error.has_value());
}

TEST_CASE("a policy that nobody can tell of leaves its step unfinished, one that is not there does not") {
  TlsScene scene;
  scene.add_server();
  auto request = TlsScene::request();
  request.mta_sts_domain = "example.test";
  SECTION("nobody tells") {
    scene.records.without("_mta-sts.example.test", Type::txt, dns::LookupOutcome::failed);
    const auto facts = scene.run(request);
    CHECK(facts.mta_sts->status == policy::MtaStsFacts::Status::lookup_failed);
    CHECK(facts.unfinished_step == Stage::policy);
  }
  SECTION("there is none") {
    const auto facts = scene.run(request);
    CHECK(facts.mta_sts->status == policy::MtaStsFacts::Status::no_record);
    CHECK(time_of(facts.steps, Stage::policy) >= 0ms);
    CHECK_FALSE(facts.unfinished_step.has_value());
  }
  CHECK(scene.fetcher.requests().empty());
}

// ---------------------------------------------------------------- time

TEST_CASE("a connection that hangs leaves the next one its share of the time") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  auto& silent = scene.add_server();
  silent.on("EHLO", "");
  silent.set_end(MemoryEnd::silent);
  scene.add_server();
  auto request = TlsScene::request();
  request.addresses = Addresses::all;
  const auto facts = scene.run(request);
  const auto& looks = facts.targets.front().looks;
  REQUIRE(looks.size() == 2);
  REQUIRE(looks[0].session.error.has_value());
  CHECK(looks[0].session.error->kind == ErrorKind::timeout);
  CHECK(looks[0].session.unfinished_step == Stage::ehlo);
  CHECK(looks[0].session.total > 2s);
  CHECK(looks[0].session.total <= 4s);  // half of what is there
  CHECK_FALSE(looks[1].session.error.has_value());
  CHECK(facts.total < 10s);
}

TEST_CASE("many connections that hang end before the deadline, none of them without time") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26", "192.0.2.27", "192.0.2.28"});
  for (int i = 0; i < 4; ++i) {
    auto& server = scene.add_server();
    server.on("EHLO", "");
    server.set_end(MemoryEnd::silent);
  }
  auto request = TlsScene::request();
  request.addresses = Addresses::all;
  const auto facts = scene.run(request);
  for (const TlsLook& look : facts.targets.front().looks) {
    CHECK(look.session.error->kind == ErrorKind::timeout);
    CHECK(look.session.total > 1s);
    CHECK(look.session.total <= 4s);
  }
  CHECK(facts.total < 10s);
}

TEST_CASE("a resolver that takes all the time is a timeout of dns") {
  TlsScene scene;
  scene.records.without("example.test", Type::mx, dns::LookupOutcome::silent);
  const auto facts = scene.run(TlsScene::with_exchangers());
  CHECK(facts.exchangers->status == policy::MailExchangers::Status::silent);
  CHECK(facts.unfinished_step == Stage::dns);
}

TEST_CASE("of each step the longest of all connections counts") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  const std::string ehlo = "250-mail.example.test\r\n250 STARTTLS\r\n";
  scene.add_server().on("EHLO", ehlo, 30ms);
  auto& second = scene.add_server();
  second.on("EHLO", ehlo, 10ms);
  second.on("STARTTLS", "220 2.0.0 go\r\n", 20ms);
  auto request = TlsScene::request();
  request.addresses = Addresses::all;
  const auto facts = scene.run(request);
  CHECK(time_of(facts.steps, Stage::ehlo) == 30ms);
  CHECK(time_of(facts.steps, Stage::starttls) == 20ms);
  CHECK(facts.total == 60ms);
}

// ---------------------------------------------------------------- what remains of failed sessions

TEST_CASE("a session that failed keeps what it has seen") {
  TlsScene scene;
  auto& server = scene.add_server();
  server.on("EHLO", "250-mail.example.test\r\n250 SIZE 1000\r\n");
  const auto facts = scene.run(TlsScene::request());
  const TlsLook& look = only_look(facts);
  REQUIRE(look.session.error.has_value());
  CHECK(look.session.error->kind == ErrorKind::starttls_absent);
  CHECK(look.greeting == "mail.example.test ESMTP");
  CHECK(look.capabilities == Texts{"SIZE 1000"});
  CHECK(look.session.address == "192.0.2.25");
  CHECK_FALSE(look.session.tls.has_value());
  CHECK(server.heard() == Texts{"EHLO monitor.example.test", "QUIT"});  // politely
  CHECK(time_of(facts.steps, Stage::ehlo) >= 0ms);
  CHECK(time_of(facts.steps, Stage::tls) < 0ms);
}

TEST_CASE("a server that demands a client certificate shows its own first") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  CAPTURE(version);
  TlsScene scene;
  scene.add_server({.maximum_version = version, .client_ca = "root.pem"});
  const auto facts = scene.run(TlsScene::request());
  const TlsLook& look = only_look(facts);
  REQUIRE(look.session.error.has_value());
  CHECK(look.session.error->kind == ErrorKind::tls_handshake);
  REQUIRE(look.session.tls.has_value());
  CHECK(look.session.tls->sent_chain.size() == 2);
  CHECK(look.session.tls->faults.empty());
  CHECK(scene.dialed().size() == 1);  // nobody asks for suites without a certificate
}

TEST_CASE("a refused connection is told with its step") {
  TlsScene scene;
  const auto facts = scene.run(TlsScene::request());
  REQUIRE(only_look(facts).session.error.has_value());
  CHECK(only_look(facts).session.error->kind == ErrorKind::connect);
  CHECK(only_look(facts).session.address.empty());
  CHECK(facts.unfinished_step == Stage::connect);
  CHECK(names(facts.steps) == Texts{"dns"});
}

TEST_CASE("the dialogue of all connections is kept, if it is wanted") {
  TlsScene scene;
  scene.resolver.add("mail.example.test", {"192.0.2.26"});
  scene.add_server();
  scene.add_server();
  auto request = TlsScene::request();
  request.addresses = Addresses::all;
  SECTION("wanted") {
    request.recording = net::Recording::on;
    std::string all;
    for (const auto& line : scene.run(request).dialogue) all += line + "\n";
    CHECK(all.find("connected to 192.0.2.25 port 25") != std::string::npos);
    CHECK(all.find("connected to 192.0.2.26 port 25") != std::string::npos);
  }
  SECTION("not wanted") {
    CHECK(scene.run(request).dialogue.empty());
  }
}

// ---------------------------------------------------------------- what a look says

TEST_CASE("only a handshake answers the question for an old version") {
  using probe::OldVersionAnswer;
  TlsLook look;
  const auto answer_to = [&look](Stage stage, ErrorKind kind) {
    look.session.error = base::Error{stage, kind, "no"};
    return probe::old_version_answer(look);
  };
  CHECK(answer_to(Stage::tls, ErrorKind::tls_handshake) == OldVersionAnswer::refused);
  CHECK(answer_to(Stage::tls, ErrorKind::old_protocol) == OldVersionAnswer::refused);
  CHECK(answer_to(Stage::tls, ErrorKind::connection_lost) == OldVersionAnswer::refused);  // without an alert
  CHECK(answer_to(Stage::ehlo, ErrorKind::connection_lost) == OldVersionAnswer::unknown);
  CHECK(answer_to(Stage::tls, ErrorKind::timeout) == OldVersionAnswer::unknown);
  CHECK(answer_to(Stage::connect, ErrorKind::connect) == OldVersionAnswer::unknown);
  CHECK(answer_to(Stage::starttls, ErrorKind::starttls_refused) == OldVersionAnswer::unknown);
  look.session.tls.emplace();
  look.session.tls->survey.emplace();
  CHECK(answer_to(Stage::quit, ErrorKind::tls_handshake) == OldVersionAnswer::accepted);
}
