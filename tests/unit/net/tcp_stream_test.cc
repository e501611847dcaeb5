#include "net/tcp_stream.h"

#include <fcntl.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <string>

#include "loopback.h"
#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck;
using namespace std::chrono_literals;

namespace {

// Both ends of a connection over loopback: ours as a stream, the peer's as a blocking socket.
struct Pair {
  test::LoopbackPort port;
  base::FileDescriptor client = port.listen().connect();
  base::FileDescriptor peer = port.accept();

  [[nodiscard]] net::TcpStream stream() {
    REQUIRE(fcntl(client.get(), F_SETFL, O_NONBLOCK) == 0);
    return net::TcpStream(std::move(client));
  }
  void send(std::string_view bytes) const {
    REQUIRE(::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  void reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    REQUIRE(setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    peer.close();
  }
};

// Runs in a forked child, since an interruption cannot be taken back. 0: the read ended because of the signal.
int read_interrupted(net::TcpStream& stream) {
  struct sigaction action {};
  action.sa_handler = [](int) { base::Deadline::interrupt(); };
  sigaction(SIGALRM, &action, nullptr);
  const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 50'000}};
  setitimer(ITIMER_REAL, &soon, nullptr);
  const base::SystemClock clock;
  std::array<char, 16> buffer{};
  const auto size = stream.read(buffer, base::Deadline(clock, 24h));
  if (size || size.error().kind != base::ErrorKind::timeout) return 1;
  return size.error().detail == "interrupted by a signal" ? 0 : 2;
}

}  // namespace

TEST_CASE("bytes are read as they come and the peer's close is a read of nothing") {
  const base::SystemClock clock;
  const base::Deadline deadline(clock, 60s);
  Pair pair;
  auto stream = pair.stream();
  pair.send("* OK ready\r\n");
  std::array<char, 4> buffer{};
  std::string text;
  while (text.size() < 12) {
    const auto size = stream.read(buffer, deadline);
    REQUIRE(size);
    REQUIRE(*size > 0);
    text.append(buffer.data(), *size);
  }
  CHECK(text == "* OK ready\r\n");
  pair.peer.close();
  const auto end = stream.read(buffer, deadline);
  REQUIRE(end);
  CHECK(*end == 0);
}

TEST_CASE("all of a write arrives") {
  const base::SystemClock clock;
  Pair pair;
  auto stream = pair.stream();
  REQUIRE(stream.write("a1 CAPABILITY\r\n", base::Deadline(clock, 60s)));
  REQUIRE(stream.write("", base::Deadline(clock, 60s)));
  std::array<char, 64> buffer{};
  REQUIRE(recv(pair.peer.get(), buffer.data(), 15, MSG_WAITALL) == 15);
  CHECK(std::string(buffer.data(), 15) == "a1 CAPABILITY\r\n");
}

TEST_CASE("a silent peer is a timeout") {
  const base::SystemClock clock;
  Pair pair;
  auto stream = pair.stream();
  std::array<char, 4> buffer{};
  const auto size = stream.read(buffer, base::Deadline(clock, 20ms));
  REQUIRE_FALSE(size);
  CHECK(size.error().kind == base::ErrorKind::timeout);
  CHECK(size.error().detail == "the server did not answer in time");
}

TEST_CASE("a peer that does not read is a timeout of the write") {
  const base::SystemClock clock;
  Pair pair;
  auto stream = pair.stream();
  const std::string flood(std::size_t{64} * 1024 * 1024, 'x');
  const auto written = stream.write(flood, base::Deadline(clock, 500ms));
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == base::ErrorKind::timeout);
  CHECK(written.error().detail == "the server did not take the data in time");
}

TEST_CASE("bytes that come after the deadline are not read") {
  test::FakeClock clock;
  const base::Deadline deadline(clock, 1s);
  Pair pair;
  auto stream = pair.stream();
  pair.send("drip");
  std::array<char, 1> buffer{};
  REQUIRE(stream.read(buffer, deadline));
  clock.advance(2s);
  const auto size = stream.read(buffer, deadline);
  REQUIRE_FALSE(size);
  CHECK(size.error().kind == base::ErrorKind::timeout);
  CHECK_FALSE(stream.write("x", deadline));
}

TEST_CASE("a reset by the peer is a lost connection") {
  const base::SystemClock clock;
  Pair pair;
  auto stream = pair.stream();
  pair.reset();
  std::array<char, 4> buffer{};
  const auto size = stream.read(buffer, base::Deadline(clock, 60s));
  REQUIRE_FALSE(size);
  CHECK(size.error().kind == base::ErrorKind::connection_lost);
  CHECK(size.error().detail == "the server reset the connection");
}

TEST_CASE("writing to a peer that is gone is a lost connection and no SIGPIPE") {
  const base::SystemClock clock;
  Pair pair;
  auto stream = pair.stream();
  pair.reset();
  base::Result<void> written;
  while (written) written = stream.write("a1 NOOP\r\n", base::Deadline(clock, 60s));
  CHECK(written.error().kind == base::ErrorKind::connection_lost);
}

TEST_CASE("a signal that interrupts the deadline ends the read") {
  Pair pair;
  auto stream = pair.stream();
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) _exit(read_interrupted(stream));
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
