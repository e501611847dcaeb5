#include "net/tcp_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "net/wait.h"

namespace mailcheck::net {
namespace {

base::Error timeout(std::string_view detail) {
  const bool is_interrupted = base::Deadline::is_interrupted();
  return {.stage = base::Stage::connect,
          .kind = base::ErrorKind::timeout,
          .detail = std::string(is_interrupted ? "interrupted by a signal" : detail)};
}

base::Error lost(int error) {
  std::string detail = describe_system_error(error);
  if (error == ECONNRESET) detail = "the server reset the connection";
  if (error == EPIPE) detail = "the server closed the connection";
  return {.stage = base::Stage::connect, .kind = base::ErrorKind::connection_lost, .detail = std::move(detail)};
}

bool is_to_be_tried_again(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

bool wait_until(int socket, short events, base::Deadline deadline) {
  pollfd descriptor{.fd = socket, .events = events, .revents = 0};
  return wait_for({&descriptor, 1}, deadline);
}

// A server that writes a reply in two pieces (Postfix after a handshake: session ticket, then greeting) holds the
// second back until the first is acknowledged, and the system delays that by 40 ms. The flag does not last, so it is
// set anew.
void acknowledge_at_once(int socket) {
  const int on = 1;
  (void)setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);  // a Unix socket does not know it
}

}  // namespace

base::Result<std::size_t> TcpStream::read(std::span<char> buffer, base::Deadline deadline) {
  // Looked at before every byte: a peer that drips without end must not outlive the deadline.
  while (!deadline.has_expired()) {
    const ssize_t size = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size >= 0) return static_cast<std::size_t>(size);
    const int error = errno;
    if (!is_to_be_tried_again(error)) return base::fail(lost(error));
    if (error == EINTR) continue;
    acknowledge_at_once(socket_.get());
    if (!wait_until(socket_.get(), POLLIN, deadline)) break;
  }
  return base::fail(timeout("the server did not answer in time"));
}

base::Result<void> TcpStream::write(std::string_view bytes, base::Deadline deadline) {
  while (!bytes.empty()) {
    if (deadline.has_expired()) return base::fail(timeout("the server did not take the data in time"));
    const ssize_t size = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(size));
      continue;
    }
    const int error = errno;
    if (!is_to_be_tried_again(error)) return base::fail(lost(error));
    if (error != EINTR) (void)wait_until(socket_.get(), POLLOUT, deadline);
  }
  return {};
}

}  // namespace mailcheck::net
