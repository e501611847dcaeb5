// ReplyReader, reply class, block list names, and a whole session of SMTP against whatever a server may say. The first
// byte picks the verbs and the size of the pieces in which the rest arrives.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sasl/choice.h"
#include "smtp/reply_class.h"
#include "smtp/session.h"
#include "target.h"

namespace mailcheck::fuzz {
namespace {

constexpr std::string_view kPassword = "hunter2-hunter2";

struct Read {
  std::vector<std::string> replies;  // code, enhanced code and text of each
  bool is_malformed = false;
  bool operator==(const Read&) const = default;
};

void judge(const smtp::Reply& reply) {
  hold(reply.code >= 200 && reply.code <= 599, "a reply has a code of RFC 5321");
  for (const base::Stage stage : {base::Stage::greeting, base::Stage::ehlo, base::Stage::starttls, base::Stage::auth,
                                  base::Stage::mail, base::Stage::rcpt, base::Stage::data, base::Stage::quit}) {
    const base::Error error = smtp::refusal(stage, reply);
    hold(error.kind == smtp::reply_class(stage, reply), "a refusal has the class of its reply");
    hold(!error.detail.empty(), "a refusal has words of ours");
  }
  hold(smtp::named_list(reply).size() <= 200, "the name of a list is short");
}

Read read(std::string_view input, std::size_t piece) {
  smtp::ReplyReader reader({.line = 200, .reply = 400, .total = 4000});
  Read result;
  while (!input.empty() && !result.is_malformed) {
    reader.receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (true) {
      const auto next = reader.next();
      if (const auto* reply = std::get_if<smtp::Reply>(&next)) {
        judge(*reply);
        result.replies.push_back(reply->code_text() + " " + reply->text());
        continue;
      }
      result.is_malformed = std::holds_alternative<smtp::ReplyMalformed>(next);
      break;
    }
  }
  return result;
}

std::unique_ptr<sasl::Mechanism> mechanism() {
  sasl::Credentials credentials;
  credentials.user = "probe";
  credentials.password = base::Secret(kPassword);
  auto made = sasl::make({.name = "CRAM-MD5"}, credentials);
  hold(made.has_value(), "CRAM-MD5 can be made");
  return std::move(*made);
}

void begin(smtp::Session& session, unsigned verb) {
  const auto address = mail::Address::parse("probe@example.test");
  switch (verb % 10) {
    case 0: return session.hello(smtp::Hello::ehlo, "example.test");
    case 1: return session.starttls();
    case 2: return session.authenticate(mechanism());
    case 3: return session.mail(smtp::Path(*address), {});
    case 4: return session.rcpt(smtp::Path(*address), {});
    case 5: return session.data();
    case 6: return session.body("hello\r\n.\r\n");
    case 7: return session.verdict();
    case 8: return session.reset();
    default: return session.envelope(smtp::Path(*address), {}, {smtp::Path(*address)}, {});
  }
}

// Until the session wants bytes; false once it is over.
bool drive(smtp::Session& session, unsigned& verb) {
  for (int steps = 0; steps < 100'000; ++steps) {
    const base::Step step = session.next();
    if (std::holds_alternative<base::NeedMore>(step)) return true;
    if (const auto* error = std::get_if<base::Error>(&step)) {
      if (!error->is_answered || session.has_closed()) return false;
    } else if (const auto* write = std::get_if<base::Write>(&step)) {
      hold(write->display.find(kPassword) == std::string::npos, "what is shown of a command holds no password");
      continue;
    }
    begin(session, verb++);
  }
  hold(false, "a session comes to an end");
  return false;
}

void converse(std::string_view input, unsigned verb, std::size_t piece) {
  smtp::Session session;
  session.expect_greeting();
  while (drive(session, verb) && !input.empty()) {
    session.receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
  session.end_of_input();
  (void)drive(session, verb);
}

}  // namespace

void smtp_session(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  hold(read(input, 1) == read(input, std::string_view::npos), "the replies of an input are the same whole and by byte");
  converse(input, choice / 4U, choice % 4 == 0 ? input.size() + 1 : choice % 4);
}

}  // namespace mailcheck::fuzz
