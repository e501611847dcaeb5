// Conversation: drives an imap::Session by hand. What the session sends is collected, what it is told is received.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "imap/session.h"
#include "support/catch2.h"

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

// A mechanism that answers from a list, and remembers what it was asked.
class FakeMechanism : public sasl::Mechanism {
 public:
  struct Script {
    std::string name = "FAKE";
    bool is_client_first = true;
    std::vector<std::string> responses = {};  // one that is not there is a protocol_error
    std::string finish_error = {};            // empty: none
    std::string server_error = {};
  };
  FakeMechanism(Script script, std::vector<std::string>& challenges)
      : script_(std::move(script)), challenges_(challenges) {}

  [[nodiscard]] std::string_view name() const override { return script_.name; }
  [[nodiscard]] bool is_client_first() const override { return script_.is_client_first; }
  [[nodiscard]] base::Result<base::Secret> respond(std::string_view challenge) override {
    challenges_.emplace_back(challenge);
    if (challenges_.size() > script_.responses.size())
      return base::fail({base::Stage::auth, base::ErrorKind::protocol_error, "a challenge too many"});
    return base::Secret(script_.responses[challenges_.size() - 1]);
  }
  [[nodiscard]] base::Result<void> finish() override {
    if (script_.finish_error.empty()) return {};
    return base::fail({base::Stage::auth, base::ErrorKind::auth_failed, script_.finish_error});
  }
  [[nodiscard]] std::string server_error() const override { return script_.server_error; }

 private:
  Script script_;
  std::vector<std::string>& challenges_;
};

}  // namespace mailcheck::test
