// Replies of the world and what they mean; the table is replies.inc.
#include "smtp/reply_class.h"

#include <array>
#include <set>

#include "support/catch2.h"
#include "unit/smtp/reply_of.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using base::Stage;

namespace {

struct Row {
  Stage stage;
  ErrorKind kind;
  std::string_view source;
  std::string_view wire;
  std::string_view list = "";  // of those that are blocklisted
};

using enum base::ErrorKind;
const auto kReplies = std::to_array<Row>({
#include "unit/smtp/replies.inc"
});

}  // namespace

TEST_CASE("real replies are understood") {
  CHECK(kReplies.size() >= 60);
  for (const Row& row : kReplies) {
    CAPTURE(row.source, row.wire, base::to_string(row.stage));
    CHECK(class_of(row.stage, row.wire) == base::to_string(row.kind));
    if (row.kind == blocklisted) CHECK(smtp::named_list(reply_of(row.wire)) == row.list);
  }
}

TEST_CASE("the table has each class, and no reply twice at a step") {
  std::set<ErrorKind> kinds;
  std::set<std::pair<Stage, std::string_view>> seen;
  for (const Row& row : kReplies) {
    kinds.insert(row.kind);
    CAPTURE(row.wire);
    CHECK(seen.emplace(row.stage, row.wire).second);
  }
  for (const auto kind : {greylisted, rate_limited, blocklisted, auth_failed, auth_unavailable, tls_required,
                          relay_denied, unknown_recipient, mailbox_full, too_large, content_rejected, policy, temporary,
                          permanent, protocol_error, service_closing, starttls_refused, no_mechanism}) {
    CAPTURE(base::to_string(kind));
    CHECK(kinds.contains(kind));
  }
}

TEST_CASE("550 5.7.30 means three things") {
  CHECK(class_of(Stage::auth, "550 5.7.30 Basic authentication is not supported for Client Submission.\r\n") ==
        "auth-failed");
  CHECK(class_of(Stage::data, "550 5.7.30 blocked because DKIM does not pass\r\n") == "policy");
  CHECK(class_of(Stage::mail, "550 5.7.30 REQUIRETLS support required\r\n") == "tls-required");
}

TEST_CASE("a bare code is judged by its step") {
  struct Bare {
    std::string_view code;
    Stage stage;
    std::string_view wanted;
  };
  const auto row = GENERATE(values<Bare>({
      {"535", Stage::auth, "auth-failed"},
      {"534", Stage::auth, "auth-failed"},
      {"535", Stage::mail, "auth-failed"},
      {"538", Stage::auth, "tls-required"},
      {"523", Stage::mail, "tls-required"},
      {"454", Stage::auth, "auth-unavailable"},
      {"432", Stage::auth, "auth-unavailable"},
      {"451", Stage::auth, "auth-unavailable"},
      {"530", Stage::auth, "tls-required"},
      {"530", Stage::rcpt, "policy"},
      {"454", Stage::starttls, "starttls-refused"},
      {"500", Stage::starttls, "starttls-refused"},
      {"454", Stage::rcpt, "temporary"},
      {"421", Stage::data, "service-closing"},
      {"421", Stage::auth, "service-closing"},
      {"552", Stage::rcpt, "mailbox-full"},
      {"552", Stage::mail, "too-large"},
      {"552", Stage::data, "too-large"},
      {"550", Stage::rcpt, "permanent"},
      {"450", Stage::rcpt, "temporary"},
      {"554", Stage::greeting, "permanent"},
      {"502", Stage::ehlo, "protocol-error"},
      {"599", Stage::rset, "permanent"},
      {"354", Stage::rcpt, "protocol-error"},
      {"250", Stage::data, "protocol-error"},
      {"500", Stage::auth, "protocol-error"},
      {"502", Stage::auth, "protocol-error"},
      {"554", Stage::auth, "auth-failed"},
      {"501", Stage::mail, "protocol-error"},
      {"504", Stage::mail, "protocol-error"},
  }));
  CAPTURE(row.code, base::to_string(row.stage));
  CHECK(class_of(row.stage, std::string(row.code) + "\r\n") == row.wanted);
}

TEST_CASE("an enhanced code without words is judged by its step, its first digit is not believed") {
  CHECK(class_of(Stage::rcpt, "550 5.1.1\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::rcpt, "550 4.1.1\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::mail, "550 5.1.1\r\n") == "permanent");
  CHECK(class_of(Stage::rcpt, "450 4.1.1\r\n") == "temporary");
  CHECK(class_of(Stage::rcpt, "452 4.2.2\r\n") == "mailbox-full");
  CHECK(class_of(Stage::rcpt, "550 5.2.2\r\n") == "mailbox-full");
  CHECK(class_of(Stage::rcpt, "452 4.5.3\r\n") == "temporary");
  CHECK(class_of(Stage::rcpt, "452 4.3.1\r\n") == "temporary");
  CHECK(class_of(Stage::data, "552 5.3.4\r\n") == "too-large");
  CHECK(class_of(Stage::mail, "550 5.2.3\r\n") == "too-large");
  CHECK(class_of(Stage::rcpt, "550 5.1.6\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::rcpt, "550 5.1.10\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::rcpt, "550 5.2.1\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::rcpt, "550 5.1.5\r\n") == "permanent");
  CHECK(class_of(Stage::mail, "501 5.1.7\r\n") == "policy");
  CHECK(class_of(Stage::data, "552 5.7.0\r\n") == "content-rejected");
  CHECK(class_of(Stage::data, "554 5.6.1\r\n") == "content-rejected");
  CHECK(class_of(Stage::rcpt, "554 5.7.1\r\n") == "policy");
  CHECK(class_of(Stage::rcpt, "550 5.7.606\r\n") == "blocklisted");
  CHECK(class_of(Stage::rcpt, "550 5.7.650\r\n") == "policy");
  CHECK(class_of(Stage::rcpt, "451 4.7.699\r\n") == "greylisted");
  CHECK(class_of(Stage::rcpt, "451 4.7.700\r\n") == "temporary");
  CHECK(class_of(Stage::auth, "550 5.7.10\r\n") == "tls-required");
}

TEST_CASE("words of the recipient mean nothing at other steps") {
  CHECK(class_of(Stage::mail, "550 User unknown\r\n") == "permanent");
  CHECK(class_of(Stage::ehlo, "550 mailbox full\r\n") == "permanent");
  CHECK(class_of(Stage::rcpt, "550 no spam please\r\n") == "permanent");
  CHECK(class_of(Stage::rcpt, "550 5.7.1 greylisted\r\n") == "policy");
}

TEST_CASE("a refusal carries our words, the server's words and its code") {
  const auto error = smtp::refusal(Stage::auth, reply_of("535-5.7.8 Username and\r\n535 5.7.8 refused\r\n"));
  CHECK(error.stage == Stage::auth);
  CHECK(error.kind == auth_failed);
  CHECK(error.detail == "user name or password refused");
  CHECK(error.peer_text == "Username and refused");
  CHECK(error.peer_code == "535 5.7.8");
  CHECK(error.is_answered);
  const auto resolver =
      smtp::refusal(Stage::rcpt, reply_of("554 blocked using zen.spamhaus.org; Error: open resolver\r\n"));
  CHECK(resolver.kind == blocklisted);
  CHECK(resolver.detail != smtp::refusal(Stage::rcpt, reply_of("554 blocked using zen.spamhaus.org\r\n")).detail);
}

TEST_CASE("each class has a clause of its own, without a full stop") {
  std::set<std::string> details;
  std::set<ErrorKind> kinds;
  for (const Row& row : kReplies) {
    const auto error = smtp::refusal(row.stage, reply_of(row.wire));
    CAPTURE(error.detail);
    CHECK_FALSE(error.detail.empty());
    CHECK_FALSE(error.detail.ends_with('.'));
    CHECK(error.detail.find_first_of("\r\n") == std::string::npos);
    details.insert(error.detail);
    kinds.insert(error.kind);
  }
  CHECK(details.size() >= kinds.size());
}

TEST_CASE("a list is named by a host name or a URL, never by an address") {
  struct Named {
    std::string_view text;
    std::string_view list;
  };
  const auto row = GENERATE(values<Named>({
      {"blocked using zen.spamhaus.org", "zen.spamhaus.org"},
      {"blocked using zen.spamhaus.org;", "zen.spamhaus.org"},
      {"listed (rbl.example.test).", "rbl.example.test"},
      {"listed by (lists.example.test).", "lists.example.test"},
      {"see <https://lists.example.test/x?a=(1)>.", "https://lists.example.test/x?a=(1"},
      {"see HTTPS://lists.example.test/", "HTTPS://lists.example.test/"},
      {"see https://a.example.test/ blocked using list.example.test", "list.example.test"},
      {"your host mx.example.test is on a black list", ""},
      {"192.0.2.7 is blacklisted, write to abuse@bl.example.test", ""},
      {"blocked using 192.0.2.7", ""},
      {"blocked using", ""},
      {"using", ""},
      {"https://", ""},
      {"... ;; () //", ""},
      {"", ""},
  }));
  CAPTURE(row.text);
  CHECK(smtp::named_list(reply_of("554 " + std::string(row.text) + "\r\n")) == row.list);
}

TEST_CASE("hostile text is judged without harm") {
  const std::string huge(8000, 'g');
  CHECK(class_of(Stage::rcpt, "450 " + huge + "\r\n") == "temporary");
  CHECK(class_of(Stage::rcpt, "450 greylisted " + huge + "\r\n") == "greylisted");
  CHECK(class_of(Stage::rcpt, "550 \x01\x1b[2J\xff\xfe^$^$\r\n") == "permanent");
  CHECK(class_of(Stage::rcpt, "550 ... . . ..\r\n") == "permanent");
  smtp::Reply reply{550, "5.7.99999999999999999999", {}};
  CHECK(smtp::reply_class(Stage::rcpt, reply) == permanent);
  reply.enhanced = "...";
  CHECK(smtp::reply_class(Stage::rcpt, reply) == permanent);
  reply.enhanced = "5";
  CHECK(smtp::reply_class(Stage::rcpt, reply) == permanent);
  reply.lines.assign(10000, "a.b https://");
  CHECK(smtp::reply_class(Stage::rcpt, reply) == permanent);
  CHECK(smtp::named_list(reply).empty());
  const smtp::Reply long_url{554, "", {"https://" + huge}};
  CHECK(smtp::named_list(long_url).size() == 200);
}
