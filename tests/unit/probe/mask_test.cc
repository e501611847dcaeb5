// A server that echoes what it was told, in every place where its words can come to light: no text of the facts may
// hold the password, in base64 neither, nor a piece of it that a person could use.
#include <algorithm>

#include "base/base64.h"
#include "unit/probe/scene.h"

using namespace mailcheck;
using namespace mailcheck::test;
using Texts = std::vector<std::string>;

namespace {

const std::string kPassword = "HUNTER2-HUNTER2";  // upper case, since response codes are kept so

void add(Texts& all, const std::optional<base::Error>& error) {
  if (error) all.insert(all.end(), {error->detail, error->peer_text, error->peer_code});
}

void add(Texts& all, const std::vector<tls::Certificate>& chain) {
  for (const auto& certificate : chain) {
    all.insert(all.end(), {certificate.subject, certificate.issuer, certificate.serial});
    all.insert(all.end(), certificate.dns_names.begin(), certificate.dns_names.end());
  }
}

// Every string that facts can hold.
Texts texts_of(const probe::ImapLoginFacts& facts) {
  Texts all = {facts.host, facts.address, facts.reply_code, facts.reply_enhanced, facts.reply_text};
  add(all, facts.error);
  add(all, facts.quota_error);
  all.push_back(facts.greeting.value_or(""));
  all.push_back(facts.mechanism.value_or(""));
  for (const auto* list : {&facts.missing_mailboxes, &facts.alerts, &facts.referrals, &facts.quirks, &facts.dialogue}) {
    all.insert(all.end(), list->begin(), list->end());
  }
  for (const auto* list : {&facts.capabilities_before_tls, &facts.capabilities}) {
    if (*list) all.insert(all.end(), (*list)->begin(), (*list)->end());
  }
  for (const auto& failed : facts.failed_addresses) all.insert(all.end(), {failed.address, failed.reason});
  for (const auto& message : facts.newest_messages) all.push_back(message.header);
  for (const auto& resource : facts.quota) all.insert(all.end(), {resource.root, resource.name});
  for (const auto& entry : facts.not_measured) all.insert(all.end(), {entry.label, entry.reason});
  if (facts.tls) {
    add(all, facts.tls->sent_chain);
    add(all, facts.tls->verified_chain);
    for (const auto& fault : facts.tls->faults) all.push_back(fault.detail);
  }
  return all;
}

bool is_shown(const probe::ImapLoginFacts& facts, std::string_view text) {
  const Texts all = texts_of(facts);
  return std::any_of(all.begin(), all.end(), [&](const auto& own) { return own.find(text) != std::string::npos; });
}

void check_hidden(const probe::ImapLoginFacts& facts) {
  CHECK_FALSE(is_shown(facts, kPassword));
  CHECK_FALSE(is_shown(facts, kPassword.substr(0, 9)));
  CHECK_FALSE(is_shown(facts, kPassword.substr(6)));
  CHECK_FALSE(is_shown(facts, base::base64_encode(std::string_view(kPassword)).substr(0, 18)));
}

struct Echo : Scene {
  Echo() : Scene(PeerTls::implicit), wanted(request()) {
    wanted.credentials->password = base::Secret(kPassword);
    wanted.recording = net::Recording::on;
    wanted.search = *imap::SearchCriteria::parse("ALL");
    wanted.fetch_newest = 1;
    wanted.measure.quota = true;
    peer.set_end(MemoryEnd::closed);
    peer.on("UID SEARCH", "* SEARCH 1\r\n{tag} OK\r\n");
    peer.on("UID FETCH", "* 1 FETCH (UID 1 INTERNALDATE \"14-Jun-2026 00:00:00 +0000\")\r\n{tag} OK\r\n");
    peer.on("GETQUOTAROOT", "* QUOTA a (STORAGE 1 2)\r\n{tag} OK\r\n");
  }
  probe::ImapLoginRequest wanted;
};

}  // namespace

TEST_CASE("a certificate that names a password does not show it, whether it is accepted or not") {
  const std::string certificate = GENERATE(as<std::string>{}, "good", "wrong-name", "unknown", "self-signed",
                                           "expired-intermediate", "no-intermediate", "cn-only");
  const std::string password =
      GENERATE(as<std::string>{}, "imap.example.test", "other.example.test", "Test Intermediate", "Other Intermediate",
               "Test Faded Intermediate", "Test Root");
  CAPTURE(certificate, password);
  Scene scene(PeerTls::implicit, {.certificate = certificate});
  scene.resolver.add("mail.example.test", {"192.0.2.7"});
  auto request = scene.request();
  request.target.host = request.tls.server_name = "mail.example.test";
  request.tls.verify_names = {"mail.example.test"};
  request.credentials->password = base::Secret(password);
  request.recording = net::Recording::on;
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.tls);
  REQUIRE_FALSE(facts.tls->sent_chain.empty());
  CHECK_FALSE(is_shown(facts, password));
}

TEST_CASE("a certificate's words are in the facts, so that there was something to mask") {
  Scene scene(PeerTls::implicit, {.certificate = "expired-intermediate"});
  auto request = scene.request();
  request.credentials->password = base::Secret("Faded");
  const auto facts = scene.run(std::move(request));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == base::ErrorKind::expired);
  CHECK(facts.error->detail.starts_with("intermediate CN=Test *** Intermediate ended "));
  CHECK(facts.tls->sent_chain[0].issuer == "CN=Test *** Intermediate");
  CHECK(facts.tls->sent_chain[1].subject == "CN=Test *** Intermediate");
  CHECK(facts.tls->faults[0].detail == facts.error->detail);
}

TEST_CASE("a long name of a certificate or a mechanism is not cut before it is masked") {
  for (std::size_t before = 80; before <= 110; ++before) {
    Echo scene;
    scene.wanted.mechanism = "CRAM-MD5";
    scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 AUTH=" + std::string(before, 'x') + kPassword +
                            std::string(300, 'y') + "] x\r\n");
    const auto facts = scene.run(std::move(scene.wanted));
    REQUIRE(facts.error);
    check_hidden(facts);
  }
}

TEST_CASE("the echo is heard at all: the same server's other words are in the facts") {
  Echo scene;
  scene.peer.on("AUTHENTICATE", "{tag} NO [ALERT] word " + kPassword + " word\r\n");
  const auto facts = scene.run(std::move(scene.wanted));
  CHECK(is_shown(facts, "word *** word"));
  check_hidden(facts);
}

TEST_CASE("a password that is echoed by the greeting is masked") {
  const std::string greeting =
      GENERATE(as<std::string>{}, "* OK {p}", "* OK [{p}] x", "* OK [CAPABILITY {p} AUTH=PLAIN] x", "* BYE {p}",
               "* {p}", "{p}", "* NO [REFERRAL imap://{p}/] x", "* OK [ALERT] {p}", "220 {p} ESMTP");
  CAPTURE(greeting);
  Echo scene;
  std::string text = greeting;
  text.replace(text.find("{p}"), 3, kPassword);
  scene.peer.set_greeting(text + "\r\n");
  check_hidden(scene.run(std::move(scene.wanted)));
}

TEST_CASE("a password that is echoed in any answer is masked") {
  const std::string verb = GENERATE(as<std::string>{}, "CAPABILITY", "AUTHENTICATE", "EXAMINE", "UID SEARCH",
                                    "UID FETCH", "GETQUOTAROOT", "LOGOUT");
  const std::string answer =
      GENERATE(as<std::string>{}, "{tag} NO {p}\r\n", "{tag} BAD {p}\r\n", "{tag} NO [{p}] x\r\n",
               "{tag} NO [REFERRAL imap://{p}@x/] {p}\r\n", "{tag} NO [ALERT] {p}\r\n", "* BYE {p}\r\n",
               "* BYE [{p}] x\r\n", "{p}\r\n", "{p} OK done\r\n", "* {p}\r\n{tag} NO x\r\n", "+ {p}\r\n",
               "* OK [ALERT] {p}\r\n{tag} NO x\r\n", "* CAPABILITY {p} AUTH={p}\r\n{tag} OK\r\n", "half {p}",
               "* LIST {p}\r\n* SEARCH {p}\r\n* 1 FETCH {p}\r\n* QUOTA {p}\r\n{tag} NO {p}\r\n",
               "* QUOTA {p} ({p} 1 2)\r\n{tag} OK\r\n",
               "* 1 FETCH (INTERNALDATE \"14-Jun-2026 00:00:00 +0000\" BODY[HEADER.FIELDS (DATE)] \"Subject: "
               "{p}\")\r\n{tag} OK\r\n",
               "{tag} NO {b}\r\n", "* 1 EXISTS\r\n{tag} OK [{p}] {p}\r\n");
  CAPTURE(verb, answer);
  Echo scene;
  std::string text = answer;
  for (std::size_t at; (at = text.find("{p}")) != std::string::npos;) text.replace(at, 3, kPassword);
  for (std::size_t at; (at = text.find("{b}")) != std::string::npos;) {
    text.replace(at, 3, base::base64_encode(std::string_view("\0probe\0" + kPassword)));
  }
  scene.peer.on(verb, text);
  check_hidden(scene.run(std::move(scene.wanted)));
}

TEST_CASE("no cut leaves half of a password unmasked") {
  for (std::size_t before = 185; before <= 200; ++before) {
    CAPTURE(before);
    Echo scene;
    scene.peer.on("EXAMINE", std::string(before, 'x') + kPassword + std::string(2000, 'y') + "\r\n");
    const auto facts = scene.run(std::move(scene.wanted));
    REQUIRE(facts.error);
    CHECK(facts.error->peer_text.size() < 1100);
    check_hidden(facts);
  }
}

TEST_CASE("a password with quotes is masked as the LOGIN command sends it") {
  Echo scene;
  const std::string password = R"(HUN"TER2\HUNTER2)";
  scene.wanted.credentials->password = base::Secret(password);
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1] x\r\n");
  scene.peer.reply_to("LOGIN", [](const std::string& line) { return "{tag} NO you said " + line + "\r\n"; });
  const auto facts = scene.run(std::move(scene.wanted));
  REQUIRE(facts.error);
  CHECK(facts.error->peer_text == R"(you said LOGIN probe "***")");
  CHECK_FALSE(is_shown(facts, "TER2"));
}

TEST_CASE("a token is masked wherever a long error challenge has it") {
  Echo scene;
  scene.wanted.credentials->password.reset();
  scene.wanted.credentials->token = base::Secret(kPassword);
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] x\r\n");
  std::string challenge = "{\"status\":\"401\"";
  while (challenge.size() < 2500) challenge += ",\"" + kPassword + "\"";
  scene.peer.on("AUTHENTICATE", "+ " + base::base64_encode(std::string_view(challenge)) + "\r\n");
  scene.peer.then("{tag} NO no\r\n");
  const auto facts = scene.run(std::move(scene.wanted));
  REQUIRE(facts.error);
  CHECK(facts.error->is_about_credentials);
  CHECK_FALSE(is_shown(facts, kPassword.substr(0, 4)));
}

TEST_CASE("what CRAM-MD5 sends instead of the password is masked when it is echoed") {
  Echo scene;
  scene.wanted.mechanism = "CRAM-MD5";
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] x\r\n");
  scene.peer.on("AUTHENTICATE", "+ " + base::base64_encode(std::string_view("<1@x>")) + "\r\n");
  std::string digits;
  scene.peer.then_reply([&](const std::string& line) {
    digits = base::base64_decode(line)->substr(6);  // behind "probe "
    return "{tag} NO " + line + " is " + digits + "\r\n";
  });
  const auto facts = scene.run(std::move(scene.wanted));
  REQUIRE(facts.error);
  REQUIRE(digits.size() == 32);
  CHECK(facts.error->peer_text.ends_with(" is ***"));
  CHECK_FALSE(is_shown(facts, digits));
  CHECK_FALSE(is_shown(facts, base::base64_encode(std::string_view("probe " + digits)).substr(8, 40)));
}

TEST_CASE("mechanisms that a server names after a password do not show it") {
  Echo scene;
  scene.wanted.mechanism = "CRAM-MD5";
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 AUTH=" + kPassword + "] x\r\n");
  const auto facts = scene.run(std::move(scene.wanted));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == base::ErrorKind::no_mechanism);
  check_hidden(facts);
}

TEST_CASE("a token is masked as a password is") {
  Echo scene;
  scene.wanted.credentials->password.reset();
  scene.wanted.credentials->token = base::Secret(kPassword);
  scene.peer.set_greeting("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] x\r\n");
  scene.peer.on("AUTHENTICATE",
                "+ " + base::base64_encode("{\"status\":\"401\",\"t\":\"" + kPassword + "\"}") + "\r\n");
  scene.peer.then("{tag} NO token " + kPassword + " is bad\r\n");
  const auto facts = scene.run(std::move(scene.wanted));
  REQUIRE(facts.error);
  CHECK(facts.error->kind == base::ErrorKind::auth_failed);
  CHECK(is_shown(facts, "token *** is bad"));
  CHECK(is_shown(facts, "401"));
  check_hidden(facts);
}
