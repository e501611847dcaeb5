// Talk: drives an upgrade::Session by hand. What the session sends is collected, what it is told is received.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch2.h"
#include "upgrade/pop3.h"
#include "upgrade/sieve.h"

namespace mailcheck::test {

template <typename Session>
struct Talk {
  Session session;
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
  // What is told comes whole, or in pieces of that many bytes.
  std::string hear(std::string_view bytes, std::size_t piece = std::string_view::npos) {
    std::string last = go();  // a server speaks when it was asked
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
      session.receive(bytes.substr(0, piece));
      last = go();
    }
    return last;
  }
  std::string hang_up() {
    session.end_of_input();
    return go();
  }
  std::string take() { return std::exchange(sent, {}); }
};

using Pop3Talk = Talk<upgrade::Pop3Session>;
using SieveTalk = Talk<upgrade::SieveSession>;
using Texts = std::vector<std::string>;

}  // namespace mailcheck::test
