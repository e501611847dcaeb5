// How the words of a reply are looked at, and what each fragment means.
#include "smtp/reply_words.h"

#include <algorithm>
#include <array>
#include <span>

#include "support/catch2.h"
#include "unit/smtp/reply_of.h"

using namespace mailcheck;
using namespace mailcheck::test;
using base::ErrorKind;
using base::Stage;
using enum base::ErrorKind;

TEST_CASE("the words are matched whatever their case and however the lines break them") {
  CHECK(class_of(Stage::rcpt, "450 GREYLISTED\r\n") == "greylisted");
  CHECK(class_of(Stage::rcpt, "450 GreyListed\r\n") == "greylisted");
  CHECK(class_of(Stage::rcpt, "550-user\r\n550 unknown\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::rcpt, "550 user \t unknown\r\n") == "unknown-recipient");
  CHECK(class_of(Stage::data, "451 4.7.1 Try again later.\r\n") == "greylisted");
  CHECK(class_of(Stage::data, "451 4.7.1 Try again later, disk full\r\n") == "temporary");
}

TEST_CASE("each fragment means its class when it stands alone, none is hidden by another") {
  struct Group {
    std::span<const std::string_view> words;
    Stage stage;
    std::string_view code;
    ErrorKind kind;
  };
  namespace words = smtp::words;
  const auto groups = std::to_array<Group>({
      {words::kTlsFirst, Stage::rcpt, "550", tls_required},
      {words::kPasswordsOff, Stage::auth, "550", auth_failed},
      {words::kMechanism, Stage::auth, "550", no_mechanism},
      {words::kRate, Stage::rcpt, "550", rate_limited},
      {words::kRateIfTemporary, Stage::rcpt, "450", rate_limited},
      {words::kListedContent, Stage::data, "550", content_rejected},
      {words::kListError, Stage::rcpt, "550", blocklisted},
      {words::kBlocked, Stage::greeting, "550", blocklisted},
      {words::kGreylisted, Stage::rcpt, "450", greylisted},
      {words::kTryAgain, Stage::data, "451 4.7.1", greylisted},
      {words::kPostscreen, Stage::rcpt, "450 4.3.2", greylisted},
      {words::kRelay, Stage::rcpt, "550", relay_denied},
      {words::kSenderLoginFirst, Stage::mail, "550", policy},
      {words::kLoginFirst, Stage::mail, "550", policy},
      {words::kFull, Stage::rcpt, "450", mailbox_full},
      {words::kTooLarge, Stage::data, "550", too_large},
      {words::kSender, Stage::mail, "550", policy},
      {words::kUnknownUser, Stage::rcpt, "550", unknown_recipient},
      {words::kAccessDenied, Stage::rcpt, "550 5.4.1", unknown_recipient},
      {words::kIdentity, Stage::data, "550", policy},
      {words::kContent, Stage::data, "550", content_rejected},
      {words::kPolicy, Stage::ehlo, "550", policy},
      {words::kVagueRecipient, Stage::rcpt, "550", unknown_recipient},
      {words::kTooMany, Stage::data, "552", permanent},
  });
  for (const Group& group : groups) {
    for (const std::string_view word : group.words) {
      const bool is_at_border = word.starts_with('^');
      std::string text(word);
      std::erase_if(text, [](char c) { return c == '^' || c == '$'; });
      if (!is_at_border) text = "x " + text + " x";
      CAPTURE(word, group.code);
      CHECK(class_of(group.stage, std::string(group.code) + " " + text + "\r\n") == base::to_string(group.kind));
      CHECK(std::none_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
    }
  }
}

TEST_CASE("what an address is called decides nothing, the words around it do") {
  struct Quoted {
    Stage stage;
    std::string_view reply;
    std::string_view wanted;
  };
  const auto row = GENERATE(values<Quoted>({
      {Stage::rcpt, "550 <blacklist@example.test> User unknown", "unknown-recipient"},
      {Stage::rcpt, "550 User <blacklist@example.test> unknown", "unknown-recipient"},
      {Stage::rcpt, "550 User blacklist@example.test unknown", "unknown-recipient"},
      {Stage::rcpt, "550 blacklist@example.test: User unknown", "unknown-recipient"},
      {Stage::rcpt, "550 (blacklist@example.test)User unknown", "unknown-recipient"},
      {Stage::rcpt, "550 BlackList@example.test,User unknown", "unknown-recipient"},
      {Stage::rcpt, "550 a@blacklist.example: User unknown", "unknown-recipient"},
      {Stage::rcpt, "550 a=blacklist@example.test: User unknown", "unknown-recipient"},
      {Stage::rcpt, "550-User <blacklist@example.test>\r\n550 unknown", "unknown-recipient"},
      {Stage::rcpt, "550 <\"a blacklist\"@example.test>: User unknown", "unknown-recipient"},
      {Stage::rcpt, "550 <blacklist@example.test", "permanent"},
      {Stage::rcpt, "550 blacklist@", "permanent"},
      {Stage::rcpt, "550 @blacklist", "permanent"},
      {Stage::rcpt, "550 <a@example.test>", "permanent"},
      {Stage::rcpt, "550 @", "permanent"},
      {Stage::data, "451 4.7.1 <a@example.test> Try again later.", "greylisted"},
      // No addresses: these count.
      {Stage::rcpt, "550 a@example.test is on a blacklist", "blocklisted"},
      {Stage::rcpt, "550 <a@example.test>:blacklist", "blocklisted"},
      {Stage::rcpt, "550 a@example.test:blacklist", "blocklisted"},
      {Stage::rcpt, "550 see <https://www.spamhaus.org/>", "blocklisted"},
      {Stage::rcpt, "550 <see the blacklist or ask a@example.test>", "blocklisted"},
      {Stage::rcpt, "550 1 < 2 blacklist a@example.test >", "blocklisted"},
      {Stage::rcpt, "550 <<blacklist>", "blocklisted"},
      {Stage::rcpt, "550 <blacklist<a@example.test>", "blocklisted"},
      {Stage::rcpt, "550 blacklist <", "blocklisted"},
  }));
  CAPTURE(row.reply);
  CHECK(class_of(row.stage, std::string(row.reply) + "\r\n") == row.wanted);
}

TEST_CASE("whether a refusal is about the sender or the client, or maybe about relaying") {
  struct About {
    Stage stage;
    std::string_view reply;
    bool wanted;
  };
  const auto row = GENERATE(values<About>({
      {Stage::rcpt, "553 5.1.8 <a@example.test>... Domain of sender address a@example.test does not exist", true},
      {Stage::mail, "553 5.1.8 sender domain does not exist", true},
      {Stage::mail, "550 Sender domain does not exist", true},
      {Stage::mail, "553 5.1.8", true},
      {Stage::mail, "553 5.1.8 refused by policy", true},
      {Stage::mail, "501 5.1.7 Bad sender address syntax", true},
      {Stage::mail, "501 5.1.7", true},
      {Stage::rcpt, "550 5.1.8 <a@example.test>: Sender address rejected: Domain not found", true},
      {Stage::rcpt, "554 5.7.1 <a@example.test>: Sender address rejected: Access denied", true},
      {Stage::rcpt, "553 5.7.1 <a@example.test>: Sender address rejected: not owned by user probe", true},
      {Stage::rcpt, "553 5.7.1 <a@example.test>: Sender address rejected: not logged in", true},
      {Stage::rcpt, "550 Sender verify failed", true},
      {Stage::mail, "550 Sender address is not allowed.", true},
      {Stage::rcpt,
       "550 5.7.27 <a@example.test>: Sender address rejected: Domain example.test does not accept mail "
       "(nullMX)",
       true},
      {Stage::rcpt, "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", true},
      {Stage::rcpt, "550 5.7.1 <mx.example.test>: Helo command rejected: Host not found", true},
      {Stage::rcpt, "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)", true},
      {Stage::ehlo, "501 5.5.4 HELO/EHLO argument is invalid.", true},
      {Stage::mail, "550 SPF Sender Invalid - envelope rejected", true},
      {Stage::rcpt, "550 5.7.23 refused", true},
      {Stage::rcpt, "550 5.7.25 Client host rejected: cannot find your hostname, [192.0.2.7]", true},
      {Stage::rcpt, "550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.7]", true},
      {Stage::greeting, "554 Bad DNS PTR resource record.", true},
      // About relaying or the recipient, or nobody knows.
      {Stage::rcpt, "554 5.7.1 <probe@example.net>: Relay access denied", false},
      {Stage::rcpt, "550 5.7.1 <probe@example.net>... Relaying denied. IP name lookup failed [192.0.2.7]", false},
      {Stage::rcpt, "550 5.1.1 <probe@example.net>: Recipient address rejected: User unknown", false},
      {Stage::rcpt, "554 5.7.1 <probe@example.net>: Recipient address rejected: Access denied", false},
      {Stage::rcpt, "554 5.7.1 <192.0.2.7>: Client host rejected: Access denied", false},
      {Stage::mail, "530 5.7.0 Authentication required", false},
      {Stage::mail, "550 Authentication required", false},
      {Stage::rcpt, "550 5.7.1", false},
      {Stage::rcpt, "550 5.7.19", false},
      {Stage::rcpt, "550 5.7.28", false},
      {Stage::mail, "550 5.1.9", false},
      {Stage::rcpt, "550 Administrative prohibition", false},
      {Stage::rcpt, "550 refused", false},
      {Stage::rcpt, "550 <sender-domain@spf.example.test> refused", false},
      {Stage::greeting, "554 blocked using zen.spamhaus.org", false},
      // For now only, or no refusal.
      {Stage::rcpt, "450 4.1.8 <a@example.test>: Sender address rejected: Domain not found", false},
      {Stage::rcpt, "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.7]", false},
      {Stage::rcpt, "250 2.1.5 Sender address rejected", false},
  }));
  CAPTURE(row.reply, base::to_string(row.stage));
  const auto reply = reply_of(std::string(row.reply) + "\r\n");
  CHECK(smtp::is_about_sender_or_client(row.stage, reply) == row.wanted);
  if (row.wanted) CHECK(smtp::reply_class(row.stage, reply) == policy);
}
