// Conversation: drives an imap::Session by hand. What the session sends is collected, what it is told is received.
#pragma once

#include <string>
#include <string_view>

#include "imap/session.h"
#include "support/catch2.h"
#include "support/fake_mechanism.h"

namespace mailcheck::test {

// "done", "more", or the error's kind.
inline std::string name_of(const base::Step& step) {
  if (std::holds_alternative<base::Done>(step)) return "done";
  if (std::holds_alternative<base::NeedMore>(step)) return "more";
  if (const auto* error = std::get_if<base::Error>(&step)) return std::string(base::to_string(error->kind));
  return "write";
}

struct Conversation {
  imap::Session session;
  std::string sent;   // since the last take()
  std::string shown;  // all that was displayed
  base::Error error;  // the last one

  // Lets the session go on until it wants something.
  std::string go() {
    while (true) {
      base::Step step = session.next();
      if (const auto* write = std::get_if<base::Write>(&step)) {
        sent += write->bytes.expose();
        shown += write->display + "\n";
        continue;
      }
      if (const auto* failed = std::get_if<base::Error>(&step)) error = *failed;
      return name_of(step);
    }
  }
  std::string hear(std::string_view bytes) {
    session.receive(bytes);
    return go();
  }
  std::string hang_up() {
    session.end_of_input();
    return go();
  }
  std::string take() { return std::exchange(sent, {}); }

  // Greeted with these capabilities.
  void greet(std::string_view capabilities = "IMAP4rev1 SASL-IR STARTTLS") {
    session.expect_greeting();
    REQUIRE(hear("* OK [CAPABILITY " + std::string(capabilities) + "] ready\r\n") == "done");
  }
};

}  // namespace mailcheck::test
