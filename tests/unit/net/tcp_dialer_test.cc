#include "net/tcp_dialer.h"

#include <dirent.h>
#include <fcntl.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "loopback.h"
#include "support/catch2.h"
#include "support/fake_clock.h"

using namespace mailcheck;
using test::LoopbackPort;
using namespace std::chrono_literals;

namespace {

base::Result<net::Connection> dial(const std::vector<dns::Address>& addresses, std::uint16_t port,
                                   base::Duration limit = 60s) {
  const base::SystemClock clock;
  net::TcpDialer dialer;
  return dialer.dial(addresses, port, base::Deadline(clock, limit));
}

// The open descriptors of this process.
std::vector<int> open_descriptors() {
  std::vector<int> result;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
  while (const dirent* entry = readdir(folder.get())) {
    const int number = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && number != dirfd(folder.get())) result.push_back(number);
  }
  return result;
}

// Two loopback addresses with the same port; the second is closed if somebody else has it.
struct TwoPorts {
  LoopbackPort first{"127.0.0.1"};
  LoopbackPort second{"127.0.0.2", first.port()};

  TwoPorts() { REQUIRE(second.is_open()); }
  [[nodiscard]] std::vector<dns::Address> addresses() const { return {first.address(), second.address()}; }
  [[nodiscard]] std::string name(const LoopbackPort& port) const {
    return port.address().to_string() + " port " + std::to_string(port.port());
  }
};

bool begins_with(const std::string& text, const std::string& beginning) {
  return text.rfind(beginning, 0) == 0;
}

}  // namespace

TEST_CASE("a listening server is reached and bytes flow") {
  LoopbackPort port;
  port.listen();
  const auto connection = dial({port.address()}, port.port());
  REQUIRE(connection);
  CHECK(connection->address == port.address());
  CHECK(connection->connect_time > 0ns);
  CHECK(connection->failed.empty());
  const auto peer = port.accept();
  REQUIRE(send(peer.get(), "hello", 5, 0) == 5);
  std::array<char, 16> buffer{};
  const base::SystemClock clock;
  CHECK(connection->stream->read(buffer, base::Deadline(clock, 60s)) == std::size_t{5});
}

TEST_CASE("IPv6 works the same") {
  LoopbackPort port("::1");
  if (!port.is_open()) return;  // a machine without IPv6
  port.listen();
  const auto connection = dial({port.address()}, port.port());
  REQUIRE(connection);
  CHECK(connection->address.to_string() == "::1");
}

TEST_CASE("a refused port is an error that names address, port and reason") {
  const LoopbackPort port;
  const auto connection = dial({port.address()}, port.port());
  REQUIRE_FALSE(connection);
  CHECK(connection.error().stage == base::Stage::connect);
  CHECK(connection.error().kind == base::ErrorKind::connect);
  CHECK(connection.error().detail == "127.0.0.1 port " + std::to_string(port.port()) + ": connection refused");
}

TEST_CASE("every refused address is listed") {
  const TwoPorts ports;
  const auto connection = dial(ports.addresses(), ports.first.port());
  REQUIRE_FALSE(connection);
  CHECK(connection.error().kind == base::ErrorKind::connect);
  CHECK(connection.error().detail ==
        ports.name(ports.first) + ": connection refused; " + ports.name(ports.second) + ": connection refused");
}

TEST_CASE("after a refusal the next address is tried and the refusal reported") {
  TwoPorts ports;
  ports.second.listen();
  const auto connection = dial(ports.addresses(), ports.first.port());
  REQUIRE(connection);
  CHECK(connection->address == ports.second.address());
  REQUIRE(connection->failed.size() == 1);
  CHECK(connection->failed.front().address == ports.first.address());
  CHECK(connection->failed.front().reason == "connection refused");
}

TEST_CASE("an address after the winner is not tried and not reported") {
  TwoPorts ports;
  ports.first.listen();
  const auto connection = dial(ports.addresses(), ports.first.port());
  REQUIRE(connection);
  CHECK(connection->address == ports.first.address());
  CHECK(connection->failed.empty());
}

TEST_CASE("an address that does not answer does not hold up the next, and is reported") {
  TwoPorts ports;
  ports.first.be_deaf();
  ports.second.listen();
  const auto connection = dial(ports.addresses(), ports.first.port());
  REQUIRE(connection);
  CHECK(connection->address == ports.second.address());
  REQUIRE(connection->failed.size() == 1);
  CHECK(connection->failed.front().address == ports.first.address());
  CHECK(begins_with(connection->failed.front().reason, "no answer within "));
}

TEST_CASE("the time of the winner counts from its own start") {
  TwoPorts ports;
  ports.first.be_deaf();
  ports.second.listen();
  const base::SystemClock clock;
  const auto start = clock.now();
  const auto connection = dial(ports.addresses(), ports.first.port());
  const auto whole = clock.now() - start;
  REQUIRE(connection);
  CHECK(whole - connection->connect_time >= 250ms);
}

TEST_CASE("no answer until the deadline is a timeout that names the address") {
  LoopbackPort port;
  port.be_deaf();
  const auto connection = dial({port.address()}, port.port(), 100ms);
  REQUIRE_FALSE(connection);
  CHECK(connection.error().stage == base::Stage::connect);
  CHECK(connection.error().kind == base::ErrorKind::timeout);
  CHECK(begins_with(connection.error().detail,
                    "no answer from 127.0.0.1 port " + std::to_string(port.port()) + " within "));
}

TEST_CASE("several deaf addresses share the time and are all named") {
  TwoPorts ports;
  ports.first.be_deaf();
  ports.second.be_deaf();
  const auto connection = dial(ports.addresses(), ports.first.port(), 400ms);
  REQUIRE_FALSE(connection);
  CHECK(connection.error().kind == base::ErrorKind::timeout);
  CHECK(begins_with(connection.error().detail, "no answer from " + ports.name(ports.first) + " within "));
  CHECK(connection.error().detail.find("; no answer from " + ports.name(ports.second)) != std::string::npos);
}

TEST_CASE("one deaf and one refusing address are a timeout that tells both reasons") {
  TwoPorts ports;
  ports.first.be_deaf();
  const auto connection = dial(ports.addresses(), ports.first.port(), 600ms);
  REQUIRE_FALSE(connection);
  CHECK(connection.error().kind == base::ErrorKind::timeout);
  CHECK(begins_with(connection.error().detail, "no answer from " + ports.name(ports.first)));
  CHECK(connection.error().detail.find("; " + ports.name(ports.second) + ": connection refused") != std::string::npos);
}

TEST_CASE("without time nothing is tried") {
  const test::FakeClock clock;
  LoopbackPort port;
  port.listen();
  net::TcpDialer dialer;
  const auto connection = dialer.dial({port.address()}, port.port(), base::Deadline(clock, 0s));
  REQUIRE_FALSE(connection);
  CHECK(connection.error().kind == base::ErrorKind::timeout);
  CHECK(connection.error().detail == "no time left to try 1 more");
}

TEST_CASE("no address at all is an error, not a crash") {
  const auto connection = dial({}, 993);
  REQUIRE_FALSE(connection);
  CHECK(connection.error().kind == base::ErrorKind::connect);
  CHECK(connection.error().detail == "no address to connect to");
}

TEST_CASE("only the winner's socket stays open; it is non-blocking, close-on-exec and without Nagle's delay") {
  TwoPorts ports;
  ports.first.be_deaf();
  ports.second.listen();
  const auto before = open_descriptors();
  const auto connection = dial(ports.addresses(), ports.first.port());
  REQUIRE(connection);
  std::vector<int> added;
  for (const int descriptor : open_descriptors()) {
    if (std::find(before.begin(), before.end(), descriptor) == before.end()) added.push_back(descriptor);
  }
  REQUIRE(added.size() == 1);
  CHECK((fcntl(added.front(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK((fcntl(added.front(), F_GETFL) & O_NONBLOCK) != 0);
  int is_without_delay = 0;
  socklen_t size = sizeof is_without_delay;
  REQUIRE(getsockopt(added.front(), IPPROTO_TCP, TCP_NODELAY, &is_without_delay, &size) == 0);
  CHECK(is_without_delay != 0);
}
