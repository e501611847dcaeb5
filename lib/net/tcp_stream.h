// TcpStream: a Stream over a connected socket. Errors and end of data as in net/stream.h; a connection that the system
// gives up for any other reason (keep-alive, no route any more) is connection_lost too, with the system's words.
#pragma once

#include "base/file_descriptor.h"
#include "net/stream.h"

namespace mailcheck::net {

class TcpStream : public Stream {
 public:
  // The socket is connected and non-blocking (net/tcp_dialer.h makes such).
  explicit TcpStream(base::FileDescriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] base::Result<std::size_t> read(std::span<char> buffer, base::Deadline deadline) override;
  [[nodiscard]] base::Result<void> write(std::string_view bytes, base::Deadline deadline) override;

 private:
  base::FileDescriptor socket_;
};

}  // namespace mailcheck::net
