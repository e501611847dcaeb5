#include "net/tcp_dialer.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/file_descriptor.h"
#include "dns/waiting_time.h"
#include "net/tcp_stream.h"
#include "net/unix_socket.h"
#include "net/wait.h"

namespace mailcheck::net {
namespace {

constexpr base::Duration kStagger = std::chrono::milliseconds(250);  // RFC 8305 section 8

enum class State { untried, under_way, connected, refused, unanswered };

// One address and what became of it.
struct Attempt {
  dns::Address address;
  State state = State::untried;
  base::FileDescriptor socket = {};
  base::TimePoint started = {};
  base::TimePoint gives_up = {};
  base::Duration duration = {};
  int error = 0;
};

// Connects several sockets at once, one after the other started. All times are of one clock, the deadline's.
class Race {
 public:
  Race(const std::vector<dns::Address>& addresses, std::uint16_t port, base::Deadline deadline)
      : port_(port), deadline_(deadline) {
    for (const dns::Address& address : addresses) attempts_.push_back({.address = address});
  }

  base::Result<Connection> run() {
    while (!deadline_.has_expired()) {
      start_what_is_due();
      if (Attempt* winner = first_in(State::connected)) return connection(*winner);
      if (first_in(State::under_way) == nullptr && next_ == attempts_.size()) break;
      wait();
    }
    give_up_the_rest();
    return base::fail(error());
  }

 private:
  [[nodiscard]] base::TimePoint now() const { return deadline_.clock().now(); }

  Attempt* first_in(State state) {
    const auto is_in_state = [state](const Attempt& attempt) { return attempt.state == state; };
    const auto found = std::find_if(attempts_.begin(), attempts_.end(), is_in_state);
    return found == attempts_.end() ? nullptr : &*found;
  }

  void start_what_is_due() {
    while (next_ < attempts_.size() && (now() >= next_start_ || first_in(State::under_way) == nullptr)) {
      Attempt& attempt = attempts_[next_];
      const auto left = static_cast<base::Duration::rep>(attempts_.size() - next_);
      ++next_;
      attempt.started = now();
      attempt.gives_up = attempt.started + deadline_.remaining() / left;
      start(attempt);
      if (attempt.state == State::connected) return;
      // An address that fails at once makes room for the next at once.
      next_start_ = attempt.state == State::refused ? now() : attempt.started + kStagger;
    }
  }

  void start(Attempt& attempt) {
    const int family = attempt.address.is_ipv6() ? AF_INET6 : AF_INET;
    attempt.socket = base::FileDescriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!attempt.socket.is_open()) return end(attempt, errno);
    const int on = 1;
    setsockopt(attempt.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto target = attempt.address.with_port(port_);
    if (::connect(attempt.socket.get(), reinterpret_cast<const sockaddr*>(&target.storage), target.size) == 0) {
      return end(attempt, 0);
    }
    // Interrupted by a signal it goes on by itself, as if in progress (POSIX).
    if (errno != EINPROGRESS && errno != EINTR) return end(attempt, errno);
    attempt.state = State::under_way;
  }

  void end(Attempt& attempt, int error) {
    attempt.duration = now() - attempt.started;
    attempt.error = error;
    attempt.state = error == 0 ? State::connected : State::refused;
    if (error == ETIMEDOUT) attempt.state = State::unanswered;
    if (error != 0) attempt.socket.close();
  }

  void wait() {
    std::vector<pollfd> descriptors;
    std::vector<Attempt*> waiting;
    base::TimePoint until = next_ < attempts_.size() ? next_start_ : base::TimePoint::max();
    for (Attempt& attempt : attempts_) {
      if (attempt.state != State::under_way) continue;
      descriptors.push_back({.fd = attempt.socket.get(), .events = POLLOUT, .revents = 0});
      waiting.push_back(&attempt);
      until = std::min(until, attempt.gives_up);
    }
    if (wait_for(descriptors, deadline_.at_most(until - now()))) {
      for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (descriptors[i].revents != 0) look_at(*waiting[i]);
      }
    }
    for (Attempt* attempt : waiting) {
      if (attempt->state == State::under_way && now() >= attempt->gives_up) abandon(*attempt);
    }
  }

  void look_at(Attempt& attempt) {
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(attempt.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    end(attempt, error);
    if (error != 0) next_start_ = now();
  }

  void abandon(Attempt& attempt) {
    attempt.duration = now() - attempt.started;
    attempt.state = State::unanswered;
    attempt.socket.close();
  }

  void give_up_the_rest() {
    for (Attempt& attempt : attempts_) {
      if (attempt.state == State::under_way) abandon(attempt);
    }
  }

  [[nodiscard]] static std::string reason(const Attempt& attempt) {
    if (attempt.state == State::refused) return describe_system_error(attempt.error);
    return "no answer within " + dns::describe_wait(attempt.duration);
  }

  [[nodiscard]] static std::optional<Endpoint> local_endpoint(const base::FileDescriptor& socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* const name = reinterpret_cast<sockaddr*>(&storage);
    if (getsockname(socket.get(), name, &size) != 0) return std::nullopt;
    const auto address = dns::Address::from_socket_address(name);
    if (!address) return std::nullopt;
    // sin_port and sin6_port stand at the same place
    return Endpoint{*address, ntohs(reinterpret_cast<const sockaddr_in*>(name)->sin_port)};
  }

  Connection connection(Attempt& winner) {
    const std::optional<Endpoint> local = local_endpoint(winner.socket);
    Connection result{.stream = std::make_unique<TcpStream>(std::move(winner.socket)),
                      .address = winner.address,
                      .local = local,
                      .connect_time = winner.duration,
                      .failed = {}};
    for (Attempt& attempt : attempts_) {
      if (&attempt == &winner) break;
      if (attempt.state == State::under_way) abandon(attempt);
      result.failed.push_back({attempt.address, reason(attempt)});
    }
    return result;
  }

  [[nodiscard]] std::string describe(const Attempt& attempt) const {
    const std::string endpoint = fmt::format("{} port {}", attempt.address.to_string(), port_);
    if (attempt.state == State::refused) return endpoint + ": " + reason(attempt);
    return fmt::format("no answer from {} within {}", endpoint, dns::describe_wait(attempt.duration));
  }

  [[nodiscard]] base::Error error() {
    const bool is_answered = first_in(State::unanswered) == nullptr && first_in(State::untried) == nullptr;
    const auto kind = is_answered ? base::ErrorKind::connect : base::ErrorKind::timeout;
    return {.stage = base::Stage::connect, .kind = kind, .detail = detail()};
  }

  [[nodiscard]] std::string detail() const {
    if (attempts_.empty()) return "no address to connect to";
    std::vector<std::string> clauses;
    if (base::Deadline::is_interrupted()) clauses.emplace_back("interrupted by a signal");
    for (const Attempt& attempt : attempts_) {
      if (attempt.state != State::untried) clauses.push_back(describe(attempt));
    }
    const std::size_t untried = attempts_.size() - next_;
    if (untried > 0) clauses.push_back(fmt::format("no time left to try {} more", untried));
    return fmt::format("{}", fmt::join(clauses, "; "));
  }

  std::uint16_t port_;
  base::Deadline deadline_;
  std::vector<Attempt> attempts_;
  std::size_t next_ = 0;  // the first that was not started
  base::TimePoint next_start_{};
};

}  // namespace

base::Result<Connection> TcpDialer::dial(const std::vector<dns::Address>& addresses, std::uint16_t port,
                                         base::Deadline deadline) {
  return Race(addresses, port, deadline).run();
}

base::Result<std::unique_ptr<Stream>> TcpDialer::dial_unix_socket(const std::string& path, base::Deadline deadline) {
  return connect_unix_socket(path, deadline);
}

}  // namespace mailcheck::net
