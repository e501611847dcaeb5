// LineFramer, the grammar of ManageSieve, and whole sessions of POP3 and ManageSieve against whatever a server may say.
// The first byte picks the protocol, the verbs, and the size of the pieces in which the rest arrives.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "target.h"
#include "upgrade/pop3.h"
#include "upgrade/sieve.h"
#include "upgrade/sieve_response.h"

namespace mailcheck::fuzz {
namespace {

using Texts = std::vector<std::string>;

void judge(std::string_view frame) {
  const auto pop3 = upgrade::parse_pop3_reply(frame);
  hold(!pop3 || frame.starts_with(pop3->head), "what stands before a POP3 text stands there");
  const auto response = upgrade::parse_sieve_response(frame);
  const auto* sieve = response ? std::get_if<upgrade::Reply>(&*response) : nullptr;
  hold(sieve == nullptr || frame.starts_with(sieve->head), "what stands before a ManageSieve text stands there");
  hold(sieve == nullptr || sieve->text.size() + sieve->head.size() <= frame.size(),
       "a text is no longer than its frame");
}

// Frames, and the reason of what is malformed.
Texts read(std::string_view input, upgrade::Literals literals, std::size_t piece) {
  upgrade::LineFramer framer(literals, {.line = 60, .lines = 20, .response = 300});
  Texts result;
  while (!input.empty()) {
    framer.receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (true) {
      const auto next = framer.next();
      if (const auto* malformed = std::get_if<upgrade::FrameMalformed>(&next)) {
        hold(malformed->bytes.size() <= 300, "what is shown is capped");
        result.push_back("malformed: " + malformed->reason);
        return result;
      }
      if (std::holds_alternative<upgrade::FrameIncomplete>(next)) break;
      result.push_back(std::get<upgrade::Frame>(next).bytes);
      judge(result.back());
    }
  }
  return result;
}

std::unique_ptr<upgrade::Session> session(bool is_sieve) {
  if (is_sieve) return std::make_unique<upgrade::SieveSession>();
  return std::make_unique<upgrade::Pop3Session>();
}

// What a session makes of a greeting.
struct Greeted {
  std::string outcome;  // the error's words
  std::optional<std::string> greeting;
  std::optional<Texts> capabilities;
  bool operator==(const Greeted&) const = default;
};

Greeted greet(std::string_view input, bool is_sieve, std::size_t piece) {
  const auto greeted = session(is_sieve);
  greeted->expect_greeting();
  while (true) {
    const base::Step step = greeted->next();
    if (const auto* error = std::get_if<base::Error>(&step)) return {error->detail, greeted->greeting(), {}};
    if (std::holds_alternative<base::Done>(step)) return {"", greeted->greeting(), greeted->capabilities()};
    hold(std::holds_alternative<base::NeedMore>(step), "nothing is sent before a greeting");
    if (input.empty()) greeted->end_of_input();
    greeted->receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
}

void begin(upgrade::Session& session, unsigned verb) {
  switch (verb % 4) {
    case 0: return session.capability();
    case 1: return session.starttls();
    case 2: return session.leave();
    default: session.tls_started(); return session.leave();
  }
}

// Until the session wants bytes; false once it is over.
bool drive(upgrade::Session& session, unsigned& verb) {
  for (int steps = 0; steps < 100'000; ++steps) {
    const base::Step step = session.next();
    if (std::holds_alternative<base::NeedMore>(step)) return true;
    if (const auto* error = std::get_if<base::Error>(&step)) {
      hold(!error->detail.empty(), "an error has words of ours");
      if (!error->is_answered || session.has_closed()) return false;
    } else if (const auto* write = std::get_if<base::Write>(&step)) {
      hold(write->bytes.expose() == write->display + "\r\n", "a command is one line");
      continue;
    }
    if (session.has_closed()) return false;
    begin(session, verb++);
  }
  hold(false, "a session comes to an end");
  return false;
}

void converse(std::string_view input, bool is_sieve, unsigned verb, std::size_t piece) {
  const auto talk = session(is_sieve);
  talk->expect_greeting();
  while (drive(*talk, verb) && !input.empty()) {
    talk->receive(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
  talk->end_of_input();
  (void)drive(*talk, verb);
}

}  // namespace

void upgrade_session(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  const bool is_sieve = choice % 2 == 1;
  const auto literals = is_sieve ? upgrade::Literals::announced : upgrade::Literals::none;
  hold(read(input, literals, 1) == read(input, literals, std::string_view::npos),
       "the frames of an input are the same whole and by byte");
  hold(greet(input, is_sieve, 1) == greet(input, is_sieve, std::string_view::npos),
       "a greeting is the same whole and by byte");
  const std::size_t piece = choice / 2U % 4U;
  converse(input, is_sieve, choice / 8U, piece == 0 ? input.size() + 1 : piece);
}

}  // namespace mailcheck::fuzz
