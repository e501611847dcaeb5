#include "unit/plugins_check_imap_login/sample_facts.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using base::Stage;
using plugins::imap_login::judge;
using Texts = std::vector<std::string>;

namespace {

Texts texts(const plugin::Report& report) {
  Texts result;
  for (const auto& finding : report.findings) result.push_back(finding.text);
  return result;
}

}  // namespace

TEST_CASE("the greeting must hold the text that is expected, by its letter") {
  auto facts = good_facts();
  facts.greeting = "* OK [CAPABILITY IMAP4rev1 IDLE] Dovecot (Debian) ready.";
  auto allowed = limits();
  for (const char* expected : {"", "Dovecot", "Debian) ready.", "[CAPABILITY IMAP4rev1 IDLE] Dov", "* OK [CAP"}) {
    allowed.expectations.greeting = expected;
    CHECK(judge(facts, allowed).findings.empty());
  }
  allowed.expectations.greeting = "dovecot";
  CHECK(texts(judge(facts, allowed)) ==
        Texts{"greeting: not-expected, \"dovecot\" does not occur in \"* OK [CAPABILITY IMAP4rev1 IDLE] Dovecot "
              "(Debian) ready.\""});
  facts.greeting.reset();
  CHECK(judge(facts, allowed).findings.empty());
}

TEST_CASE("what the message quotes of a greeting can be expected of it") {
  auto facts = good_facts();
  facts.greeting = "* OK <ready>\t| \xff";
  auto allowed = limits();
  for (const char* expected : {"<ready>", "[ready]", "[ready] / ?", "<ready>\t|"}) {
    CAPTURE(expected);
    allowed.expectations.greeting = expected;
    CHECK(judge(facts, allowed).findings.empty());
  }
  allowed.expectations.greeting = "<steady>";
  CHECK(texts(judge(facts, allowed)) ==
        Texts{"greeting: not-expected, \"[steady]\" does not occur in \"* OK [ready] / ?\""});
}

TEST_CASE("capabilities must be there, or not, in any case of letters") {
  struct Row {
    std::string_view expected;
    Texts findings;
  };
  const auto row =
      GENERATE(values<Row>({{"IDLE", {}},
                            {"idle", {}},
                            {"!COMPRESS=DEFLATE", {}},
                            {"IDL", {"capability: not-expected, IDL is not offered"}},
                            {"COMPRESS=DEFLATE", {"capability: not-expected, COMPRESS=DEFLATE is not offered"}},
                            {"!idle", {"capability: not-expected, idle is offered"}}}));
  CAPTURE(row.expected);
  auto allowed = limits();
  allowed.expectations.capabilities = {std::string(row.expected)};
  CHECK(texts(judge(good_facts(), allowed)) == row.findings);
}

TEST_CASE("several expectations are judged each for itself") {
  auto allowed = limits();
  allowed.expectations.capabilities = {"A", "IDLE", "B"};
  allowed.expectations.greeting = "C";
  CHECK(judge(good_facts(), allowed).findings.size() == 3);
}

TEST_CASE("a server without any capability does not offer the expected one") {
  auto facts = good_facts();
  facts.capabilities = Texts{};
  auto allowed = limits();
  allowed.expectations.capabilities = {"IDLE"};
  CHECK(texts(judge(facts, allowed)) == Texts{"capability: not-expected, IDLE is not offered"});
}

TEST_CASE("what a session never reached is not judged") {
  auto facts = failed_facts(Stage::connect, ErrorKind::connect);
  facts.greeting.reset();
  facts.capabilities.reset();
  auto allowed = limits();
  allowed.expectations.capabilities = {"A"};
  allowed.expectations.greeting = "C";
  allowed.expectations.refuses_plaintext = true;
  CHECK(names(judge(facts, allowed)) == Texts{"connect"});
}

TEST_CASE("no log in may be offered before TLS, where that is refused") {
  struct Row {
    Texts before;
    Texts findings;
  };
  const auto row = GENERATE(values<Row>({
      {{"IMAP4rev1", "STARTTLS", "LOGINDISABLED"}, {}},
      {{"IMAP4rev1", "STARTTLS", "logindisabled"}, {}},
      {{"IMAP4rev1", "STARTTLS"}, {"capability: not-expected, log in is offered before TLS: the LOGIN command"}},
      {{"IMAP4rev1", "LOGINDISABLED", "AUTH=PLAIN"},
       {"capability: not-expected, log in is offered before TLS: AUTH=PLAIN"}},
      {{"auth=plain", "AUTH=LOGIN"},
       {"capability: not-expected, log in is offered before TLS: auth=plain, AUTH=LOGIN, the LOGIN command"}},
  }));
  auto facts = good_facts();
  facts.capabilities_before_tls = row.before;
  auto allowed = limits();
  CHECK(judge(facts, allowed).findings.empty());
  allowed.expectations.refuses_plaintext = true;
  CHECK(texts(judge(facts, allowed)) == row.findings);
}

TEST_CASE("folders that are missing are named together") {
  auto facts = good_facts();
  facts.missing_mailboxes = {"Entw\xc3\xbcrfe", "Archiv"};
  CHECK(texts(judge(facts, limits())) == Texts{"list: not-expected, no mailbox Entw\xc3\xbcrfe, Archiv"});
}
