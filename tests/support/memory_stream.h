// MemoryStream: a Stream that plays from memory. It is fed with chunks, hands each out with one read (or several, if
// the buffer is smaller), ends as told, and records what was written.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/stream.h"
#include "support/fake_clock.h"

namespace mailcheck::test {

// What a read finds after the last chunk: the peer closed, reset the connection, or says nothing till the deadline.
enum class MemoryEnd { closed, reset, silent };

class MemoryStream : public net::Stream {
 public:
  explicit MemoryStream(std::deque<std::string> chunks = {}, MemoryEnd end = MemoryEnd::closed)
      : chunks_(std::move(chunks)), end_(end) {}

  void feed(std::string chunk) {
    if (!chunk.empty()) chunks_.push_back(std::move(chunk));
  }
  void set_end(MemoryEnd end) { end_ = end; }
  // A silent end moves this clock to the deadline of the read.
  void set_clock(FakeClock& clock) { clock_ = &clock; }
  // Called with each write; may feed() the answer.
  void on_write(std::function<void(std::string_view)> listener) { listener_ = std::move(listener); }
  // All that was written so far; stays alive after the stream.
  [[nodiscard]] std::shared_ptr<const std::string> written() const { return written_; }
  [[nodiscard]] bool is_drained() const { return chunks_.empty(); }

  [[nodiscard]] base::Result<std::size_t> read(std::span<char> buffer, base::Deadline deadline) override {
    if (deadline.has_expired()) return failed(base::ErrorKind::timeout, "no answer in time");
    if (chunks_.empty()) return ended(deadline);
    std::string& chunk = chunks_.front();
    const std::size_t size = std::min(buffer.size(), chunk.size());
    std::copy_n(chunk.begin(), size, buffer.begin());
    chunk.erase(0, size);
    if (chunk.empty()) chunks_.pop_front();
    return size;
  }

  [[nodiscard]] base::Result<void> write(std::string_view bytes, base::Deadline deadline) override {
    if (deadline.has_expired()) return failed(base::ErrorKind::timeout, "the data was not taken in time");
    if (is_lost_) return failed(base::ErrorKind::connection_lost, "connection reset by peer");
    written_->append(bytes);
    if (listener_) listener_(bytes);
    return {};
  }

 private:
  [[nodiscard]] base::Result<std::size_t> ended(const base::Deadline& deadline) {
    if (end_ == MemoryEnd::closed) return std::size_t{0};
    if (end_ == MemoryEnd::silent) {
      if (clock_ != nullptr) clock_->advance(deadline.remaining());
      return failed(base::ErrorKind::timeout, "no answer in time");
    }
    is_lost_ = true;
    return failed(base::ErrorKind::connection_lost, "connection reset by peer");
  }
  static tl::unexpected<base::Error> failed(base::ErrorKind kind, std::string detail) {
    return base::fail({.stage = base::Stage::connect, .kind = kind, .detail = std::move(detail)});
  }

  std::deque<std::string> chunks_;
  MemoryEnd end_;
  bool is_lost_ = false;  // from the read that reports it on; before, the system still takes what is written
  FakeClock* clock_ = nullptr;
  std::function<void(std::string_view)> listener_;
  std::shared_ptr<std::string> written_ = std::make_shared<std::string>();
};

}  // namespace mailcheck::test
