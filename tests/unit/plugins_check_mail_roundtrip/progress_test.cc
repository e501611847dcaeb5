// The progress line: on a terminal and asked for, or not at all.
#include "plugins/check_mail_roundtrip/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/catch2.h"

using mailcheck::plugins::mail_roundtrip::Progress;

namespace {

// A terminal of our own; `seen` is what a person would have been shown.
class Terminal {
 public:
  Terminal() : screen_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(screen_ >= 0);
    REQUIRE(::grantpt(screen_) == 0);
    REQUIRE(::unlockpt(screen_) == 0);
    line_ = ::open(::ptsname(screen_), O_RDWR | O_NOCTTY);
    REQUIRE(line_ >= 0);
    ::fcntl(screen_, F_SETFL, O_NONBLOCK);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(line_);
    ::close(screen_);
  }
  [[nodiscard]] int descriptor() const { return line_; }
  [[nodiscard]] std::string seen() const {
    char bytes[1024];
    const ssize_t size = ::read(screen_, bytes, sizeof bytes);
    return {bytes, static_cast<std::size_t>(size > 0 ? size : 0)};
  }

 private:
  int screen_;
  int line_;
};

}  // namespace

TEST_CASE("on a terminal each step takes the place of the one before, and the line goes away at the end") {
  const Terminal terminal;
  Progress progress(1, terminal.descriptor());
  const auto tell = progress.teller();
  REQUIRE(tell);
  tell("imap: ready");
  CHECK(terminal.seen() == "\r\033[Kimap: ready");
  tell("smtp: accepted\n\033[2J");
  CHECK(terminal.seen().find('\n') == std::string::npos);
  progress.end();
  CHECK(terminal.seen() == "\r\033[K");
  progress.end();
  CHECK(terminal.seen().empty());
}

TEST_CASE("a long step does not break the line") {
  const Terminal terminal;
  Progress progress(1, terminal.descriptor());
  progress.teller()(std::string(300, 'x'));
  CHECK(terminal.seen().size() < 90);
}

TEST_CASE("a line that was not taken away goes with its owner") {
  const Terminal terminal;
  {
    Progress progress(2, terminal.descriptor());
    progress.teller()("imap: ready");
    (void)terminal.seen();
  }
  CHECK(terminal.seen() == "\r\033[K");
}

TEST_CASE("without -v, and where there is no terminal, nobody is told") {
  const Terminal terminal;
  CHECK_FALSE(Progress(0, terminal.descriptor()).teller());
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  {
    Progress progress(3, ends[1]);
    CHECK_FALSE(progress.teller());
    progress.end();
  }
  ::close(ends[1]);
  char byte = 0;
  CHECK(::read(ends[0], &byte, 1) == 0);
  ::close(ends[0]);
}
