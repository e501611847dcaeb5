#include "net/unix_socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>

#include "base/file_descriptor.h"
#include "base/printable.h"
#include "net/tcp_stream.h"
#include "net/wait.h"

namespace mailcheck::net {
namespace {

// connect() on a full queue says EAGAIN at once and can only be tried again: there is nothing to poll for.
constexpr base::Duration kPause = std::chrono::milliseconds(20);

base::Error error(base::ErrorKind kind, const std::string& path, const std::string& reason) {
  return {base::Stage::connect, kind, base::printable_line(path) + ": " + reason};
}

}  // namespace

base::Result<std::unique_ptr<Stream>> connect_unix_socket(const std::string& path, base::Deadline deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return base::fail(error(base::ErrorKind::connect, path, "the path is too long for a socket"));
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  base::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return base::fail(error(base::ErrorKind::connect, path, describe_system_error(errno)));
  while (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno != EAGAIN && errno != EINTR) {
      return base::fail(error(base::ErrorKind::connect, path, describe_system_error(errno)));
    }
    if (deadline.has_expired()) return base::fail(error(base::ErrorKind::timeout, path, "the server takes nobody in"));
    (void)wait_for({}, deadline.at_most(kPause));
  }
  return std::make_unique<TcpStream>(std::move(socket));
}

}  // namespace mailcheck::net
