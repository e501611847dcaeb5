// PollSchedule: when to look next for a message that was accepted. Pure: no clock, no socket.
//
// Most messages are there within a second, and Dovecot holds IDLE notices back by half a second: so in the first two
// seconds the looks follow each other closely; a message that comes then is seen at most 100 ms and a look after it was
// stored. Later IDLE waits where the server has it, else the looks get rarer. IDLE is left now and then: it sees one
// folder only, some servers show new mail to a NOOP alone, and routers forget silent connections.
#pragma once

#include "base/clock.h"

namespace mailcheck::probe {

struct Poll {
  enum class How { automatic, idle, every } how = How::automatic;
  base::Duration interval{};  // of `every`
};

struct Pause {
  enum class How { silent, idle } how = How::silent;
  base::Duration length{};
};

class PollSchedule {
 public:
  enum class Idle { offered, not_offered };

  PollSchedule(Poll poll, Idle idle) : poll_(poll), idle_(idle) {}

  // The pause before the next look, so long after the waiting began.
  [[nodiscard]] Pause next(base::Duration elapsed);
  // IDLE was refused: it is not tried again.
  void give_up_idle() { idle_ = Idle::not_offered; }

 private:
  Poll poll_;
  Idle idle_;
  unsigned waits_ = 0;  // after the close looks
};

}  // namespace mailcheck::probe
