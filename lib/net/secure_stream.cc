#include "net/secure_stream.h"

#include <array>
#include <chrono>
#include <utility>

namespace mailcheck::net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kChunk = std::size_t{16} * 1024;
constexpr base::Duration kRestOfLine = 500ms;  // for the end of a plain-text banner that came in pieces
constexpr base::Duration kGoodbye = 200ms;

base::Error at_tls(base::Error error) {
  error.stage = base::Stage::tls;
  return error;
}

}  // namespace

SecureStream::SecureStream(std::unique_ptr<Stream> lower, std::unique_ptr<tls::Client> client)
    : lower_(std::move(lower)), client_(std::move(client)) {}

base::Result<void> SecureStream::flush(base::Deadline deadline) {
  const std::string output = client_->take_output();
  if (output.empty()) return {};
  return lower_->write(output, deadline);
}

base::Result<void> SecureStream::wait_for_bytes(base::Deadline deadline) {
  std::array<char, kChunk> chunk;
  auto size = lower_->read(chunk, deadline);
  if (!size) return base::fail(std::move(size.error()));
  if (*size == 0) {
    client_->receive_end();
  } else {
    client_->receive({chunk.data(), *size});
  }
  return {};
}

base::Result<void> SecureStream::handshake(base::Deadline deadline) {
  while (true) {
    const auto status = client_->handshake();
    const auto sent = flush(status ? deadline : deadline.at_most(kGoodbye));
    if (!status) return base::fail(status.error());
    if (!sent) return base::fail(at_tls(sent.error()));
    if (*status == tls::HandshakeStatus::done) return {};
    const bool is_plain_text = client_->is_plain_text();
    const auto came = wait_for_bytes(is_plain_text ? deadline.at_most(kRestOfLine) : deadline);
    if (came) continue;
    if (!is_plain_text) return base::fail(at_tls(came.error()));
    client_->receive_end();
  }
}

base::Result<std::size_t> SecureStream::read(std::span<char> buffer, base::Deadline deadline) {
  while (true) {
    const auto result = client_->read(buffer);
    if (!result) {
      (void)flush(deadline.at_most(kGoodbye));
      return base::fail(result.error());
    }
    if (result->status == tls::ReadStatus::bytes) return result->size;
    if (result->status == tls::ReadStatus::closed) return std::size_t{0};
    if (auto sent = flush(deadline); !sent) return base::fail(std::move(sent.error()));
    if (auto came = wait_for_bytes(deadline); !came) return base::fail(std::move(came.error()));
  }
}

base::Result<void> SecureStream::write(std::string_view bytes, base::Deadline deadline) {
  if (auto taken = client_->write(bytes); !taken) return taken;
  return flush(deadline);
}

void SecureStream::close(base::Deadline deadline) {
  client_->shut_down();
  (void)flush(deadline.at_most(kGoodbye));
}

}  // namespace mailcheck::net
