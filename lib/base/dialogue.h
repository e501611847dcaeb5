// Dialogue: the contract between a sans-I/O session (imap::Session, smtp::Session, upgrade) and whoever moves its bytes
// (client/connection.h). The session never blocks, never sees a socket and never looks at a clock.
//
//   while (true) switch (dialogue.next())
//     Write     send the bytes, then ask again
//     NeedMore  read from the peer, give it to receive() (or end_of_input()), then ask again
//     Done      the verb that was started last has ended well; its results are in the session
//     Error     it has not; the session can only be closed
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/secret.h"

namespace mailcheck::base {

struct Write {
  Secret bytes;         // what goes on the wire; a Secret, since any of it may be a credential
  std::string display;  // the same for people, credentials replaced
};
struct NeedMore {};
struct Done {};

using Step = std::variant<NeedMore, Write, Done, Error>;

class Dialogue {
 public:
  virtual ~Dialogue() = default;
  virtual void receive(std::string_view bytes) = 0;
  // The peer has closed its side.
  virtual void end_of_input() = 0;
  [[nodiscard]] virtual Step next() = 0;
};

}  // namespace mailcheck::base
