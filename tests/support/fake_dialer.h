// FakeDialer: hands out streams that were put in, in order, and may let time pass while it "connects".
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/dialer.h"
#include "support/fake_clock.h"

namespace mailcheck::test {

class FakeDialer : public net::Dialer {
 public:
  FakeDialer() = default;
  // Every connection takes `delay` of that clock; one that would end past the deadline is a timeout at the deadline.
  FakeDialer(FakeClock& clock, base::Duration delay) : clock_(&clock), delay_(delay) {}

  void add(std::unique_ptr<net::Stream> stream) { streams_.push_back(std::move(stream)); }
  // The first `count` addresses of the next dial do not answer, a later one does.
  void fail_addresses(std::size_t count, std::string reason) {
    failing_ = count;
    reason_ = std::move(reason);
  }
  void fail(base::Error error) { error_ = std::move(error); }

  [[nodiscard]] base::Result<net::Connection> dial(const std::vector<dns::Address>& addresses, std::uint16_t port,
                                                   base::Deadline deadline) override {
    dialed_.emplace_back(addresses, port);
    if (!has_time(deadline)) return failed(base::ErrorKind::timeout, "no address answered in time");
    if (error_) return base::fail(*error_);
    if (streams_.empty() || failing_ >= addresses.size()) return failed(base::ErrorKind::connect, "connection refused");
    net::Connection connection{.stream = std::move(streams_.front()),
                               .address = addresses[failing_],
                               .local = local_,
                               .connect_time = delay_,
                               .failed = {}};
    streams_.pop_front();
    for (std::size_t i = 0; i < failing_; ++i) connection.failed.push_back({addresses[i], reason_});
    return connection;
  }

  [[nodiscard]] base::Result<std::unique_ptr<net::Stream>> dial_unix_socket(const std::string& path,
                                                                            base::Deadline deadline) override {
    dialed_socket_ = path;
    if (!has_time(deadline)) return failed(base::ErrorKind::timeout, "the server takes nobody in");
    if (error_) return base::fail(*error_);
    if (streams_.empty()) return failed(base::ErrorKind::connect, "connection refused");
    auto stream = std::move(streams_.front());
    streams_.pop_front();
    return stream;
  }
  [[nodiscard]] const std::string& dialed_socket() const { return dialed_socket_; }
  // This side's end of all connections to come.
  void set_local(net::Endpoint local) { local_ = local; }

  // What was dialed: addresses in the order they came, and the port.
  [[nodiscard]] const std::vector<std::pair<std::vector<dns::Address>, std::uint16_t>>& dialed() const {
    return dialed_;
  }

 private:
  [[nodiscard]] bool has_time(const base::Deadline& deadline) {
    if (clock_ == nullptr) return !deadline.has_expired();
    const bool is_enough = delay_ < deadline.remaining();
    clock_->advance(is_enough ? delay_ : deadline.remaining());
    return is_enough;
  }
  static tl::unexpected<base::Error> failed(base::ErrorKind kind, std::string detail) {
    return base::fail({.stage = base::Stage::connect, .kind = kind, .detail = std::move(detail)});
  }

  FakeClock* clock_ = nullptr;
  base::Duration delay_{};
  std::deque<std::unique_ptr<net::Stream>> streams_;
  std::size_t failing_ = 0;
  std::optional<net::Endpoint> local_;
  std::string dialed_socket_;
  std::string reason_;
  std::optional<base::Error> error_;
  std::vector<std::pair<std::vector<dns::Address>, std::uint16_t>> dialed_;
};

}  // namespace mailcheck::test
