// Conversation: drives an smtp::Session by hand. What the session sends is collected, what it is told is received.
#pragma once

#include <string>
#include <string_view>

#include "smtp/session.h"
#include "support/catch2.h"
#include "support/fake_mechanism.h"

namespace mailcheck::test {

struct SmtpConversation {
  smtp::Session session;
  std::string sent;   // since the last take()
  std::string shown;  // all that was displayed
  base::Error error;  // the last one

  // Lets the session go on until it wants something: "done", "more", or the error's kind.
  std::string go() {
    while (true) {
      base::Step step = session.next();
      if (const auto* write = std::get_if<base::Write>(&step)) {
        sent += write->bytes.expose();
        shown += write->display + "\n";
        continue;
      }
      if (std::holds_alternative<base::Done>(step)) return "done";
      if (std::holds_alternative<base::NeedMore>(step)) return "more";
      error = std::get<base::Error>(step);
      return std::string(base::to_string(error.kind));
    }
  }
  std::string hear(std::string_view bytes) {
    (void)go();  // a server speaks when it was asked
    session.receive(bytes);
    return go();
  }
  std::string hang_up() {
    session.end_of_input();
    return go();
  }
  std::string take() { return std::exchange(sent, {}); }

  // Greeted, with these extensions.
  void greet(std::string_view extensions = "250 SIZE 1000") {
    session.expect_greeting();
    REQUIRE(hear("220 mail.example.test ESMTP\r\n") == "done");
    session.hello(smtp::Hello::ehlo, "client.example.test");
    REQUIRE(hear("250-mail.example.test\r\n" + std::string(extensions) + "\r\n") == "done");
    take();
  }
};

}  // namespace mailcheck::test
